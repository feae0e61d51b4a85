"""The web edition: made once from what is stored, whole, without an answer too many, and asking nobody for anything."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import subprocess
import sys
import warnings
from functools import cache
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import unquote

import pytest
from html_pages import Page
from support import CHAPTERS, EVERY, ROOT

from nnlab import demos
from nnlab.cli import PARTLY, UNUSABLE, main
from nnlab.web import frames
from nnlab.web.pages import _note, start_command
from nnlab.web.search import Pairs
from nnlab.web.site import TITLE, _index, write_site
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import HERE, YOURS, is_demo, solution_lines

HEAVIEST = 900_000  # bytes of a demo's table
LARGEST = 30_000_000  # bytes of the site
COURSE = Course(ROOT)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the web edition, as the command does."""
    folder = tmp_path_factory.mktemp("web") / "site"
    command = [sys.executable, "-m", "nnlab.cli", "web", "--to", str(folder), "--course", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"Web edition: {folder / 'index.html'}\n"), done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the Chinese edition of two chapters, as the command makes all."""
    folder = tmp_path_factory.mktemp("web") / "zh"
    chapters = [COURSE.chapter(number).translated("zh") for number in ("03", "10")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Sphinx's next version will refuse of its theme
        assert write_site(chapters, folder) == []
    return folder


@cache
def read(path: Path) -> Page:
    """Read a page."""
    return Page(path.read_text("utf-8"))


@cache
def table(path: Path) -> Any:
    """Unpack a demo's table as the page does."""
    (packed,) = re.findall(r'= "([^"]+)";', path.read_text("utf-8"))
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def pages(site: Path) -> list[Path]:
    """Return all pages."""
    return sorted(site.glob("*.html"))


def test_every_chapter_has_a_page(site: Path) -> None:
    """And its notebook to download, as students get it; the first page leads to all of them, and so does every other."""
    assert {path.stem for path in pages(site)} == {*EVERY, "index", "search"}
    for name in EVERY:
        released = ROOT / "chapters" / f"{name}.ipynb"
        assert (site / "_static" / "notebooks" / released.name).read_bytes() == released.read_bytes()
        assert f"_static/notebooks/{name}.ipynb" in [link["href"] for link in read(site / f"{name}.html").all("a")]
    for path in pages(site):
        links = {link.get("href", "").partition("#")[0] for link in read(path).all("a")}
        assert {f"{name}.html" for name in EVERY} - {path.name} <= links, path.name
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < LARGEST


def test_every_link_leads_somewhere(site: Path) -> None:
    """To a file of the site, and where it names a place, to that place; nothing is loaded from elsewhere."""
    ids = {path.name: {attributes.get("id", "") for _, attributes in read(path).elements} for path in pages(site)}
    lost = []
    for path in pages(site):
        for tag, attributes in read(path).elements:
            target = attributes.get("src") or (attributes.get("href") if tag in ("a", "link") else "")
            if not target or target.startswith("data:"):
                continue
            if re.match(r"(?:https?:)?//|mailto:", target):
                lost += [f"{path.name}: {tag} {target}"] if tag != "a" else []
                continue
            file, _, place = unquote(target).partition("#")
            file = file.partition("?")[0] or path.name
            there = (site / file).exists() and (not place or file not in ids or place in ids[file])
            lost += [] if there else [f"{path.name}: {tag} {target}"]
    assert lost == []
    for sheet in (site / "_static").rglob("*.css"):
        assert not re.search(r"@import\s+(?:url\()?[\"']?(?:https?:)?//|url\([\"']?(?:https?:)?//", sheet.read_text("utf-8")), sheet


def test_pages_are_well_made(site: Path) -> None:
    """Tags are closed in order, ids unique, one h1, a language, a width for phones, and no two pages of one title."""
    for path in pages(site):
        page = read(path)
        ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
        assert (page.wrong, page.unclosed) == ([], []), path.name
        assert len(ids) == len(set(ids)), path.name
        shown = re.sub('<div id="jb-print-docs-body".*?</div>', "", path.read_text("utf-8"), flags=re.DOTALL)  # that one is for paper
        assert shown.count("<h1") == 1, path.name
        assert page.all("html")[0]["lang"] == "en"
        assert any(each.get("name") == "viewport" for each in page.all("meta"))
    titles = [re.search("<title>(.*?)</title>", path.read_text("utf-8"), re.DOTALL)[1] for path in pages(site)]  # type: ignore[index]
    assert len(titles) == len(set(titles))
    assert TITLE in read(site / "index.html").text


@pytest.mark.parametrize("name", EVERY)
def test_figures_have_their_words(site: Path, name: str) -> None:
    """As many as are stored in the solution, each with the text that came with it."""
    outputs = [output for cell in load(ROOT / "solutions" / f"{name}.ipynb").cells for output in cell.get("outputs", ())]
    stored = [output.metadata["image/png"]["alt"] for output in outputs if "image/png" in output.get("data", {})]
    shown = [image for image in read(site / f"{name}.html").all("img") if "nnlab-figure" in image.get("class", "")]
    assert [unescape(image["alt"]) for image in shown] == stored
    assert all(image["width"] and image["height"] for image in shown)
    assert [image for image in read(site / f"{name}.html").all("img") if "alt" not in image] == []


@pytest.mark.parametrize("name", EVERY)
def test_answers_are_folded(site: Path, name: str) -> None:
    """One for each question that the chapter asks, all closed; no field is there that nobody would read."""
    solution = load(ROOT / "solutions" / f"{name}.ipynb")
    outputs = [each for cell in solution.cells for each in cell.get("outputs", ())]
    answers = sum("<details" in str(each.get("data", {}).get("text/markdown", "")) for each in outputs)
    written = sum(cell.source.count("<details") for cell in solution.cells if cell.cell_type == "markdown")
    page = read(site / f"{name}.html")
    folded = [each for each in page.all("details") if each.get("class") in (None, "")]
    assert len(folded) == answers + written
    assert [each for each in folded if "open" in each] == []
    assert page.tags.count("fieldset") == 0
    assert 'predict("' not in page.text


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_answer_is_on_a_page(site: Path, name: str) -> None:
    """No line of a solution, in what is seen and in what is searched; exercises stand as stubs, and no check pretends to have run."""
    text = read(site / f"{name}.html").text
    lines = {line for cell in load(ROOT / "solutions" / f"{name}.ipynb").cells for line in solution_lines(cell.source) if len(line) > 14}
    assert lines
    given = load(ROOT / "chapters" / f"{name}.ipynb")
    shown = "\n".join(cell.source for cell in given.cells)
    assert [line for line in lines if line in text and line not in shown] == []
    stubs = sum(cell.source.count("raise NotImplementedError") for cell in given.cells if cell.cell_type == "code")
    assert text.count("raise NotImplementedError") >= stubs
    assert "visible checks passed" not in text


def test_every_demo_is_live(site: Path) -> None:
    """In the chapter that has it, with the still in its place until then."""
    live: list[str] = []
    for name in EVERY:
        cells = [
            cell
            for cell in load(ROOT / "solutions" / f"{name}.ipynb").cells
            if is_demo(cell) and re.search(r"\bdemos\.\w+\(\)", cell.source)
        ]
        found = [each["data-demo"] for each in read(site / f"{name}.html").all("div") if "data-demo" in each]
        assert len(found) == len(cells), name
        live += found
    assert set(live) == {path.stem for path in (site / "_static" / "demos").glob("*.js")}
    assert set(live) <= set(dir(demos))
    assert live


@pytest.mark.parametrize("name", dir(demos))
def test_a_demo_shows_what_the_notebook_shows(site: Path, name: str) -> None:
    """Its first picture, one after each control alone and one after the last pair are those that the widgets draw."""
    path = site / "_static" / "demos" / f"{name}.js"
    if not path.exists():
        pytest.skip("no chapter shows this demo yet")
    assert path.stat().st_size < HEAVIEST
    sent = table(path)
    assert len(sent["states"]) <= getattr(import_module(f"nnlab.demos.{name}"), "PICTURES", frames.MOST)
    assert sent["tell"]
    first, last = sent["pictures"][0], {}
    for key in sent["states"]:
        last[key.partition(":")[0] if "," not in key else "pair"] = key
    for key in ["", *last.values()]:
        made = import_module(f"nnlab.demos.{name}")._Controls()
        fresh = {each.description: each for each in frames._leaves(made.box) if getattr(each, "description", "")}
        for move in filter(None, key.split(",")):
            number, position = map(int, move.split(":"))
            _move(fresh[sent["controls"][number]["label"]], sent["controls"][number], position)
        drawn = sent["pictures"][sent["states"][key][0]]
        whole = drawn if isinstance(drawn, list) else [drawn.get(str(place), piece) for place, piece in enumerate(first)]
        assert "".join(sent["pieces"][piece] for piece in whole) == made.picture.value, key


def _move(widget: Any, control: Any, position: int) -> None:
    """Move a widget as a reader moves the control on the page."""
    if control["kind"] == "press":
        for _ in range(position + 1):
            widget.click()
    elif control["kind"] == "choice":
        widget.index = position
    else:
        names = control["names"]
        widget.value = bool(position) if control["kind"] == "check" else type(widget.value)(float(names[position].replace("−", "-")))


def test_a_site_is_made_anew_and_nothing_else_is_taken_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with other files, a file in the way, a chapter that is out of date: a sentence, status 2, and all is as it was."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    for folder, said in ((tmp_path / "mine", "holds other files"), (tmp_path / "mine" / "thesis.txt", "is no folder")):
        assert main(["web", "--to", str(folder), "--course", str(_small(tmp_path / folder.name))]) == UNUSABLE
        assert said in capsys.readouterr().err
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "x"
    stale = _small(tmp_path / "stale")
    (stale / "chapters" / "00_lectures.ipynb").unlink()
    assert main(["web", "--to", str(tmp_path / "out"), "--course", str(stale)]) == UNUSABLE
    assert "chapters/00_lectures.ipynb is missing. Run `nnlab build`." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_sphinx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says which extra brings it."""
    monkeypatch.setitem(sys.modules, "sphinx.application", None)
    assert main(["web", "--to", str(tmp_path / "out"), "--course", str(_small(tmp_path / "course"))]) == UNUSABLE
    assert 'pip install "nnlab-course[web]"' in capsys.readouterr().err


def test_what_sphinx_warns_of_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With status 1: the pages are there, and something on them is not right."""

    def warn(source: Path, to: Path) -> list[str]:
        to.mkdir()
        (to / "index.html").write_text("made")
        return ["00_lectures.ipynb: WARNING: a link leads nowhere"]

    monkeypatch.setattr("nnlab.web.site._run_sphinx", warn)
    assert main(["web", "--to", str(tmp_path / "out"), "--course", str(_small(tmp_path / "course"))]) == PARTLY
    assert "a link leads nowhere" in capsys.readouterr().out
    assert (tmp_path / "out" / "index.html").read_text() == "made"


def _small(root: Path) -> Path:
    """Return a course of the shortest chapter alone."""
    course = Course(ROOT).chapter("00")
    for path in (course.source, course.solution, course.student):
        target = root.with_name(f"{root.name}-course") / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return root.with_name(f"{root.name}-course")


def test_the_chinese_edition(chinese: Path) -> None:
    """Pages, navigation, figures' words and demos are Chinese, and what is to be downloaded is the Chinese notebook."""
    for name in ("03_forward_propagation", "10_model_selection"):
        page = read(chinese / f"{name}.html")
        assert page.all("html")[0]["lang"] == "zh-CN"
        assert (page.wrong, page.unclosed) == ([], [])
        assert "答案" in page.text
        assert "nnlab start --language zh" in page.text
        assert "在这里写你的代码" in page.text
        assert [english for english in (YOURS, HERE) if english in page.text] == []
        words = [unescape(image["alt"]) for image in page.all("img") if "nnlab-figure" in image.get("class", "")]
        assert words
        assert all(re.search("[\u4e00-\u9fff]", text) for text in words)
        assert 'speak(\\"zh\\")' in (chinese / "_static" / "notebooks" / f"{name}.ipynb").read_text("utf-8")
    controls = table(chinese / "_static" / "demos" / "model_selection.js")["controls"]
    assert [each["label"] for each in controls if re.search("[A-Za-z]{3}", each["label"])] == []
    assert "神经网络" in read(chinese / "index.html").text


def test_search_in_chinese(chinese: Path) -> None:
    """A text and what is asked of it are taken apart alike: runs of Chinese into pairs of signs, and the rest into words."""
    assert Pairs({}).split("反向传播 BP，层: x_1") == ["反向", "向传", "传播", "BP", "层", "x_1"]
    index, script = ((chinese / name).read_text("utf-8") for name in ("searchindex.js", "_static/language_data.js"))
    assert {"前向", "向传", "传播", "softmax"} <= set(json.loads(index.removeprefix("Search.setIndex(").rstrip().rstrip(")"))["terms"])
    assert "splitQuery" in script
    for name in re.findall(r"= (\w+Stemmer);", script):
        assert f"{name} =" in script, "Sphinx 9.0 names one that is not there"


def test_a_site_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted while it is laid down, the old one stays, and may be made anew: half of one would be "other files"."""

    def made(source: Path, to: Path) -> list[str]:
        to.mkdir()
        (to / "searchindex.js").write_text("new")
        return []

    to, chapters = tmp_path / "site", [Course(ROOT).chapter("00")]
    to.mkdir()
    (to / "searchindex.js").write_text("old")
    monkeypatch.setattr("nnlab.web.site.stale", lambda chapter: [])
    monkeypatch.setattr("nnlab.web.site._write_sources", lambda *_: None)
    monkeypatch.setattr("nnlab.web.site._run_sphinx", made)
    with monkeypatch.context() as stopped:
        stopped.setattr("nnlab.web.site.shutil.copytree", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            write_site(chapters, to)
    assert (to / "searchindex.js").read_text() == "old"
    assert write_site(chapters, to) == []
    assert (to / "searchindex.js").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_own_course_is_not_said_to_come_with_nnlab() -> None:
    """Its pages offer the notebook, and name no command that writes other chapters."""
    ours, own = _note(EVERY[0]), _note("01_a_course_of_my_own")
    assert start_command() in ours
    assert start_command() not in own
    assert "01_a_course_of_my_own.ipynb" in own
    assert start_command() in _index(EVERY, lite=False)
    assert start_command() not in _index([*EVERY, "01_a_course_of_my_own"], lite=False)
