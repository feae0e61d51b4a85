"""Demos and chapters in JupyterLab in a real browser: demos draw and answer the keyboard, pictures and sliders have a name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from lab import ARGUMENTS, CHROMIUM, IDLE, lab
from support import CHAPTERS, ROOT

from nnlab import demos
from nnlab.workbook.course import Course

playwright = pytest.importorskip("playwright.sync_api", reason="the browser is optional: pip install -e '.[browser]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab with a notebook for each demo and each chapter, and return its address."""
    home = tmp_path_factory.mktemp("lab")
    for name in dir(demos):
        cell = nbformat.v4.new_code_cell(f"from nnlab import demos\ndemos.{name}()", id="demo")
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=metadata), home / f"{name}.ipynb")
    for chapter in Course(ROOT).chapters():
        shutil.copy(chapter.solution, home / chapter.solution.name)
    with lab(home) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Debian's browser."""
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@pytest.mark.parametrize("name", dir(demos))
def test_a_key_moves_the_drawing(address: str, browser: Any, name: str) -> None:
    """A step of a slider changes what the drawing says of itself, and the step back changes it back."""
    page = browser.new_page(viewport={"width": 1000, "height": 1000})
    page.set_default_timeout(60_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/doc/tree/{name}.ipynb?token=t&reset")
    page.wait_for_function(IDLE)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    drawing = page.locator(".widget-vbox svg[role=img]")
    before = drawing.get_attribute("aria-label")
    page.locator(".noUi-handle").last.focus()
    for key, changed in (("ArrowRight", True), ("ArrowLeft", False)):
        page.keyboard.press(key)
        page.wait_for_function(
            "([before, changed]) => (document.querySelector('.widget-vbox svg[role=img]').getAttribute('aria-label') != before) == changed",
            arg=[before, changed],
        )
    assert drawing.count() == 1
    assert errors == []
    page.close()


NUMBER = "() => document.querySelectorAll('.jp-Notebook img, .jp-Notebook [role=slider]').length"
NAMED = {"runOnly": ["image-alt", "svg-img-alt", "role-img-alt", "aria-input-field-name", "button-name", "select-name", "link-name"]}


def nameless(page: Any) -> list[str]:
    """Return what axe-core finds in the notebook's outputs that has no name to be read out: pictures, sliders, buttons, choices."""
    from axe_playwright_python.sync_playwright import Axe

    ours = {"include": [[".jp-OutputArea"], [".jp-RenderedMarkdown"]]}  # editors and toolbars are JupyterLab's own
    found = Axe().run(page, context=ours, options=NAMED).response
    assert found["passes"], "axe-core has looked at nothing"
    return [
        f"{rule['id']}: {node['html'][:200]}" for rule in found["violations"] for node in rule["nodes"] if "jp-Toolbar" not in node["html"]
    ]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_picture_and_slider_has_a_name(address: str, browser: Any, chapter: str) -> None:
    """After all cells of a chapter were run, no picture is without alt text and no slider without a name that can be read out."""
    page = browser.new_page(viewport={"width": 1000, "height": 1000})
    page.set_default_timeout(120_000)
    page.goto(f"{address}/doc/tree/{chapter}.ipynb?token=t&reset")
    page.wait_for_function(IDLE)
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.allRun = true }) }")
    page.wait_for_function("() => window.allRun")
    page.wait_for_timeout(1500)  # the demos name their sliders once they are shown
    assert page.evaluate(NUMBER) >= 3
    assert nameless(page) == []
    page.close()
