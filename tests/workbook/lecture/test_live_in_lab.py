"""A lecture is given in JupyterLab in a real browser, from the first step to the last, as a lecturer would by key."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import ARGUMENTS, CHROMIUM, IDLE, lab
from support import ROOT

from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.lecture.notebook import exercises
from nnlab.workbook.lecture.steps import plain
from nnlab.workbook.lecture.write import write

playwright = pytest.importorskip("playwright.sync_api", reason="the browser is optional: pip install -e '.[browser]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore"),
]
CHAPTER = Course(ROOT).chapter("03")
NAME = f"{CHAPTER.name}.lecture.ipynb"
FAST = {"nnlab-live:plugin": {"pace": 1}}
NOTEBOOK = "window.jupyterapp.shell.currentWidget.content"
SOURCE = f"() => {NOTEBOOK}.activeCell.model.sharedModel.getSource()"
CHOOSE = f"""name => {{ const notebook = {NOTEBOOK};
  notebook.activeCellIndex = notebook.widgets.findIndex(cell => (cell.model.getMetadata('nnlab') || {{}}).exercise === name);
  notebook.mode = 'command'; notebook.node.focus(); notebook.scrollToItem(notebook.activeCellIndex); }}"""
RUN = f"""() => window.jupyterapp.commands.execute('notebook:run-cell-and-select-next').then(() =>
  window.jupyterapp.commands.execute('notebook:run-cell')).then(() => {NOTEBOOK}.activeCell.node.innerText)"""


class Lecture:
    """A lecture notebook in the browser, and what goes wrong in the page."""

    def __init__(self, browser: Any, address: str, name: str) -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 720})
        self.page.set_default_timeout(60_000)
        self.errors: list[str] = []
        self.requests: list[str] = []
        ours = (address, address.replace("http", "ws"), "data:", "blob:")
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda request: None if request.url.startswith(ours) else self.requests.append(request.url))
        self.page.goto(f"{address}/doc/tree/{name}?token=t&reset")
        self.page.wait_for_function(IDLE)

    @property
    def source(self) -> str:
        """The text of the active cell."""
        return str(self.page.evaluate(SOURCE))

    def choose(self, exercise: str) -> None:
        """Make the cell of an exercise the active one."""
        self.page.evaluate(CHOOSE, exercise)

    def press(self, key: str, until: Callable[[str], bool]) -> None:
        """Press a key and wait until the cell's text is as it should be."""
        self.page.keyboard.press(key)
        for _ in range(200):
            if until(self.source):
                return
            time.sleep(0.05)
        raise AssertionError(self.source)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab beside a lecture notebook and a student's notebook, with a fast pace."""
    home = tmp_path_factory.mktemp("lecture")
    write(CHAPTER, 90, home)
    shutil.copy(CHAPTER.student, home)
    with lab(home, FAST) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Debian's browser."""
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@pytest.fixture
def lecture(browser: Any, address: str) -> Iterator[Lecture]:
    """Open the lecture; afterwards the page has reported no error, and no request has left the machine."""
    opened = Lecture(browser, address, NAME)
    yield opened
    assert (opened.errors, opened.requests) == ([], [])
    opened.page.close()


def test_every_step_is_typed(lecture: Lecture) -> None:
    """From first to last, each step leaves the text that the source has, and the last one the solution."""
    solution = exercises(load(CHAPTER.solution))
    for name, cell in exercises(json_notebook()).items():
        lecture.choose(name)
        for step in cell["metadata"]["nnlab"]["live"].get("steps", ()):  # a challenge is left to the students, and filled in
            lecture.press("F9", lambda text, step=step: text.rstrip() == step["text"].rstrip())
        assert lecture.source == plain(solution[name].source)


def json_notebook() -> Any:
    """Return the lecture notebook as it was written."""
    from nnlab.workbook.lecture.notebook import lecture as made

    return made(CHAPTER, 90)


def test_a_planned_mistake_back_undo_and_hurry(lecture: Lecture) -> None:
    """The class sees the check's message, the key mends the line; a second key ends the typing, others take a step back."""
    lecture.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
    lecture.page.evaluate(f"() => {{ {NOTEBOOK}.activeCellIndex = 2; return window.jupyterapp.commands.execute('notebook:run-cell') }}")
    lecture.choose("softmax")
    for end in ("np.max(z, axis=0))", "return e / np.sum(e)"):
        lecture.press("F9", lambda text, end=end: text.endswith(end))
    assert "is wrong at index" in lecture.page.evaluate(RUN)
    lecture.choose("softmax")
    lecture.page.keyboard.press("F9")
    lecture.press("F9", lambda text: text.endswith("np.sum(e, axis=0)"))
    assert "visible checks passed" in lecture.page.evaluate(RUN)
    lecture.choose("softmax")
    lecture.press("Control+F9", lambda text: text.endswith("return e / np.sum(e)"))
    lecture.press("Control+F9", lambda text: text.endswith("np.max(z, axis=0))"))
    lecture.press("Shift+F9", lambda text: text.endswith("np.sum(e, axis=0)"))


def test_one_undo_takes_one_step_back(lecture: Lecture) -> None:
    """Ctrl-Z is a step, however many letters it had."""
    lecture.choose("neuron")
    lecture.press("F9", lambda text: text.endswith("np.dot(w, a)"))
    lecture.press("F9", lambda text: text.endswith("f(weighted + b)"))
    lecture.page.evaluate(f"() => {NOTEBOOK}.activeCell.model.sharedModel.undo()")
    assert lecture.source.endswith("np.dot(w, a)")


def test_a_changed_cell_is_not_typed_into(lecture: Lecture) -> None:
    """It says so, and offers to fill the cell."""
    lecture.choose("fc_layer")
    lecture.page.evaluate(f"() => {NOTEBOOK}.activeCell.model.sharedModel.setSource('mine')")
    lecture.page.keyboard.press("F9")
    lecture.page.get_by_text("You changed this cell").wait_for()
    assert lecture.source == "mine"
    lecture.page.get_by_role("button", name="Fill it").click()
    assert lecture.source.endswith("return z, f(z)")


def test_the_first_letter_comes_at_once(lecture: Lecture) -> None:
    """Within 50 ms of the key, measured in the page."""
    lecture.choose("forward")
    milliseconds = lecture.page.evaluate(
        f"""() => new Promise(done => {{ const model = {NOTEBOOK}.activeCell.model.sharedModel, start = performance.now();
        model.changed.connect(() => done(performance.now() - start)); window.jupyterapp.commands.execute('nnlab-live:next') }})"""
    )
    assert milliseconds < 50


def test_the_notes_window(lecture: Lecture) -> None:
    """It shows the lecturer alone what to say, what comes next, what students get wrong, and the clocks."""
    lecture.choose("softmax")
    with lecture.page.expect_popup() as opened:
        lecture.page.keyboard.press("Shift+F10")
    notes = opened.value
    lecture.press("F9", lambda text: text.endswith("np.max(z, axis=0))"))
    text = notes.inner_text("body")
    assert "Subtract each column's largest score." in text
    assert "Planned mistake: Divide by the sum of each column." in text
    assert "What students get wrong" in text
    assert "lecture 0:0" in text
    assert "/ 90:00" in text
    assert "Subtract each column" not in lecture.page.inner_text("body")
    notes.close()


def test_letters_for_the_last_row(lecture: Lecture) -> None:
    """One key makes cells, outputs and figures larger together, and puts the side bars away; the same key brings them back."""
    size = "() => getComputedStyle(document.documentElement).getPropertyValue('--jp-code-font-size')"
    before = lecture.page.evaluate(size)
    lecture.page.keyboard.press("F10")
    assert lecture.page.evaluate(size).strip() == "22px"
    assert lecture.page.locator(".jp-SideBar:visible").count() == 0
    lecture.page.keyboard.press("F10")
    assert lecture.page.evaluate(size) == before


def test_catching_up(lecture: Lecture, address: str) -> None:
    """All cells above are filled at once; a notebook for the class holds what was typed, and stubs for the rest."""
    lecture.choose("forward")
    lecture.page.keyboard.press("Alt+F9")
    lecture.page.get_by_text("filled. Run all cells above").wait_for()
    lecture.page.evaluate("() => window.jupyterapp.commands.execute('nnlab-live:hand-out')")
    lecture.page.get_by_text("Saved for the class").wait_for()
    saved = json.loads(lecture.page.request.get(f"{address}/api/contents/{CHAPTER.name}.catch-up.ipynb?token=t").text())["content"]
    sources = {
        cell["metadata"]["nnlab"]["exercise"]: "".join(cell["source"])
        for cell in saved["cells"]
        if "exercise" in cell["metadata"].get("nnlab", {})
    }
    assert sources["softmax"].endswith("return e / np.sum(e, axis=0)")
    assert "NotImplementedError" in sources["forward"]
    assert "NotImplementedError" in sources["graph_layer"]  # a challenge: filled in for the lecturer alone
    assert "live" not in json.dumps(saved["metadata"]) + json.dumps([cell["metadata"] for cell in saved["cells"]])


def test_answers_unfold_by_key(lecture: Lecture) -> None:
    """The next answer below the active cell."""
    assert lecture.page.locator("details[open]").count() == 0
    lecture.page.evaluate(f"() => {{ {NOTEBOOK}.activeCellIndex = 3; {NOTEBOOK}.mode = 'command'; {NOTEBOOK}.node.focus() }}")
    lecture.page.keyboard.press("F8")
    assert lecture.page.locator("details[open]").count() == 1


def test_slides(lecture: Lecture) -> None:
    """The lecture is shown as slides, and typed into on them."""
    if not lecture.page.evaluate("() => window.jupyterapp.commands.hasCommand('deck:start')"):
        pytest.skip("slides are optional: pip install -e '.[slides]'")
    lecture.page.evaluate("() => window.jupyterapp.commands.execute('deck:start')")
    for _ in range(40):
        if lecture.page.locator("text=Exercise softmax >> visible=true").count():
            break
        lecture.page.evaluate("() => window.jupyterapp.commands.execute('deck:forward')")
        time.sleep(0.2)
    lecture.choose("softmax")
    lecture.press("F9", lambda text: text.endswith("np.max(z, axis=0))"))
    assert lecture.page.locator(".jp-Cell.jp-mod-active:visible").count() == 1
    lecture.page.evaluate("() => window.jupyterapp.commands.execute('deck:stop')")


def test_other_notebooks_are_left_alone(browser: Any, address: str) -> None:
    """In a student's notebook no key types anything, and the commands are not offered."""
    student = Lecture(browser, address, CHAPTER.student.name)
    student.choose("softmax")
    before = student.source
    student.page.keyboard.press("F9")
    time.sleep(0.3)
    assert student.source == before
    assert not student.page.evaluate("() => window.jupyterapp.commands.isEnabled('nnlab-live:next')")
    student.page.close()


def test_the_extension_is_the_package_s() -> None:
    """What JupyterLab loads is the file of the package, and says its name."""
    package = json.loads((ROOT / "nnlab" / "live" / "package.json").read_text("utf-8"))
    assert package["name"] == "nnlab-live"
    assert (ROOT / "nnlab" / "live" / Path(package["jupyterlab"]["_build"]["load"])).is_file()
