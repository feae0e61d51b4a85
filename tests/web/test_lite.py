"""JupyterLite beside the web edition: the chapters, the wheel, a setting for Pyodide, and no other address. No browser runs it here."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from html_pages import Page
from support import EVERY, ROOT

from nnlab.cli import UNUSABLE, main
from nnlab.workbook.build import load
from nnlab.workbook.course import Course

SERVED = "https://pyodide.example.edu/full/"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
ADDRESS = re.compile(r"(?:https?:)?//[\w.-]+\.\w[\w./-]*")
there = pytest.mark.skipif(
    not (find_spec("jupyterlite_core") and find_spec("jupyterlite_pyodide_kernel")),
    reason="JupyterLite is not installed: make test-all does it",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the site, with Pyodide served at a school; the pages beside it are the business of `test_web`."""
    from nnlab.web.lite import write_lite

    folder = tmp_path_factory.mktemp("web") / "lite"
    assert write_lite(Course(ROOT), folder, "en", SERVED) == folder / "lab" / "index.html"
    return folder


def settings(site: Path) -> Any:
    """Return the settings that the pages read."""
    return json.loads((site / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]


@there
def test_the_chapters_are_there(site: Path) -> None:
    """As students get them, each with one more cell, before all code: it installs nnlab, from the site."""
    assert {path.stem for path in (site / "files").glob("*.ipynb")} == set(EVERY)
    listed = json.loads((site / "api" / "contents" / "all.json").read_text("utf-8"))["content"]
    assert {entry["path"] for entry in listed} == {f"{name}.ipynb" for name in EVERY}
    for name in EVERY:
        cells = load(site / "files" / f"{name}.ipynb").cells
        assert next(cell for cell in cells if cell.cell_type == "code").source == "%pip install --quiet nnlab-course"
        assert [cell for cell in cells if cell.id != "nnlab-lite"] == load(ROOT / "chapters" / f"{name}.ipynb").cells


@there
def test_the_wheels_are_there(site: Path) -> None:
    """nnlab's, with its chapters, and what it needs that Pyodide has not; they are listed where the kernel looks, and whole."""
    wheels = {path.name.split("-")[0]: path for path in (site / "pypi").glob("*.whl")}
    assert set(wheels) == {"nnlab_course", "comm", "ipywidgets", "jupyterlab_widgets"}
    listed = json.loads((site / "pypi" / "all.json").read_text("utf-8"))
    assert {name.replace("-", "_") for name in listed} == set(wheels)
    for path in wheels.values():
        with zipfile.ZipFile(path) as wheel:
            names = {name for name in wheel.namelist() if not name.endswith("/")}
            (record,) = [name for name in names if name.endswith(".dist-info/RECORD")]
            assert {line.split(",")[0] for line in wheel.read(record).decode().splitlines()} == names
            assert wheel.testzip() is None
    assert f"nnlab/released/{EVERY[0]}.ipynb" in zipfile.ZipFile(wheels["nnlab_course"]).namelist()


@there
def test_pyodide_comes_from_where_it_was_said_and_nothing_else_from_elsewhere(site: Path) -> None:
    """The one address in settings and pages is the one that was given; the index of packages that a kernel would ask is off."""
    kernel = settings(site)["litePluginSettings"][KERNEL]
    assert (kernel["pyodideUrl"], kernel["disablePyPIFallback"]) == (f"{SERVED}pyodide.mjs", True)
    assert all(url.startswith("./") for url in kernel["pipliteUrls"])
    pages = [Page(path.read_text("utf-8")) for path in site.rglob("*.html")]
    loaded = [
        each.get("src") or each.get("href", "") for page in pages for tag in ("script", "link", "img", "iframe") for each in page.all(tag)
    ]
    texts = [*loaded, *(path.read_text("utf-8") for path in site.rglob("jupyter-lite.json"))]
    assert {found for text in texts for found in ADDRESS.findall(text)} == {f"{SERVED}pyodide.mjs"}


@there
@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("", "./static/pyodide/pyodide.mjs"),
        ("https://a.example/p", "https://a.example/p/pyodide.mjs"),
        ("https://a.example/p/pyodide.js", "https://a.example/p/pyodide.js"),
    ],
)
def test_where_pyodide_is_looked_for(given: str, asked: str) -> None:
    """In the site itself, or in a folder that is served elsewhere, or in a file."""
    from nnlab.web.lite import _settings

    assert _settings(given)["jupyter-config-data"]["litePluginSettings"][KERNEL]["pyodideUrl"] == asked


@there
def test_the_command_lays_it_beside_the_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And says where, and which Pyodide it is made for."""
    asked: list[Any] = []
    monkeypatch.setattr("nnlab.web.site.write_site", lambda *given: asked.append(given) or [])
    monkeypatch.setattr("nnlab.web.lite.write_lite", lambda *given: asked.append(given) or given[1] / "lab" / "index.html")
    assert main(["web", "--lite", "--pyodide", SERVED, "--to", str(tmp_path), "--course", str(ROOT)]) == 0
    (_, to, lite), (_, beside, language, pyodide) = asked
    assert (to, lite, beside, language, pyodide) == (tmp_path, True, tmp_path / "lite", "en", SERVED)
    assert re.search(rf"JupyterLite: {tmp_path}/lite/lab/index.html, with Pyodide \d[\d.]+ from {SERVED}\n", capsys.readouterr().out)


def test_without_jupyterlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The extra is named, and nothing is written."""
    monkeypatch.setitem(sys.modules, "jupyterlite_core", None)
    monkeypatch.delitem(sys.modules, "nnlab.web.lite", raising=False)
    monkeypatch.delattr("nnlab.web.lite", raising=False)
    assert main(["web", "--lite", "--to", str(tmp_path / "site"), "--course", str(ROOT)]) == UNUSABLE
    assert 'pip install "nnlab-course[lite]"' in capsys.readouterr().err
    assert not (tmp_path / "site").exists()
