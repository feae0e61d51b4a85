"""Checks in a real kernel, as a student's browser talks to it: what the notebook says now, restarts, interrupts, checkpoints."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from nnlab.checks._notebook.memory import NAME

FIRST = "import numpy as np\nfrom nnlab import check, checkpoint, hint, progress"
RIGHT = "def softmax(z):\n    e = np.exp(z - np.max(z, axis=0))\n    return e / e.sum(axis=0)"
WRONG = "def softmax(z):\n    return z / z.sum(axis=0)"
STUB = "def softmax(z):\n    # your code here\n    raise NotImplementedError"
SCORES = (
    "with checkpoint(softmax):\n    shares = softmax(np.array([[10.0], [6.0], [8.0]]))\n"
    '    for state, share in zip(["free flow", "slow", "congested"], shares.ravel(), strict=True):\n        print(f"{state:10} {share:.6f}")'
)
pytestmark = pytest.mark.filterwarnings("ignore")


class Notebook:
    """A notebook file and its kernel."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "03.ipynb"
        self.save()
        left_out = ("PYTEST_CURRENT_TEST", "NNLAB_QUIET")
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        environment |= {"JPY_SESSION_NAME": str(self.path), "IPYTHONDIR": str(folder / "ipython")}
        self.manager, self.client = start_new_kernel(env=environment, cwd=str(folder), extra_arguments=["--log-level=50"])
        assert self.run(FIRST) == ""

    def run(self, source: str, interrupt_after: float = 0) -> str:
        """Run a cell and return what it shows in the end, as text."""
        asked, shown = self.client.execute(source), {}
        start = time.monotonic()
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=0.1)
            except Exception:
                if interrupt_after and time.monotonic() - start > interrupt_after:
                    self.manager.interrupt_kernel()
                    interrupt_after = 0
                assert time.monotonic() - start < 60, "the cell never ends"
                continue
            content = message["content"]
            if message["parent_header"].get("msg_id") != asked:
                continue
            if content.get("execution_state") == "idle":
                return "\n".join(shown.values())
            place = content.get("transient", {}).get("display_id") or len(shown)
            if "text/plain" in content.get("data", ()):  # and not the state of a widget
                shown[place] = content["data"]["text/plain"]
            elif "text" in content or "traceback" in content:
                shown[place] = content.get("text") or "\n".join(content["traceback"])

    def restart(self) -> None:
        """Restart the kernel and run the first cell."""
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=60)
        self.run(FIRST)

    def save(self, *sources: str) -> None:
        """Write the notebook's file with these cells."""
        cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source.splitlines(keepends=True)} for source in sources]
        self.path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start one kernel for all tests of this file."""
    notebook = Notebook(tmp_path_factory.mktemp("notebook"))
    yield notebook
    notebook.client.stop_channels()
    notebook.manager.shutdown_kernel(now=True)


@pytest.fixture
def notebook(kernel: Notebook) -> Notebook:
    """Return the notebook with nothing defined and nothing remembered."""
    kernel.run("%reset -f")
    kernel.run(FIRST)
    kernel.run("from nnlab.checks._notebook import memory\nmemory._here.clear()")
    (kernel.path.parent / NAME).unlink(missing_ok=True)
    kernel.save()
    return kernel


@pytest.mark.parametrize(
    ("newest", "why"),
    [
        ("def softmax(z):\n    return (z", "SyntaxError: "),
        ("import nothing_of_this_name\n" + RIGHT, "ModuleNotFoundError"),
        ("@no_such_wrapper\n" + RIGHT, "NameError"),
    ],
)
def test_never_green_over_a_cell_that_failed(notebook: Notebook, newest: str, why: str) -> None:
    """Where the newest cell of an answer did not run, the one before it is not judged; once it runs, it is."""
    notebook.run(RIGHT)
    assert notebook.run("check(softmax)").startswith("✓ softmax (cell [")
    notebook.run(newest)
    said = notebook.run("check(softmax)")
    assert said.startswith("! softmax")
    assert why in said
    assert "stale" in notebook.run("progress()")
    notebook.run(RIGHT)
    assert notebook.run("check(softmax)").startswith("✓")


@pytest.mark.parametrize(
    "source",
    [
        RIGHT + "\nsoftmax(None)",  # the cell fails behind the definition
        "old = 1\ntry:\n    " + RIGHT.replace("\n", "\n    ") + "\nfinally:\n    pass",
        "def _softmax(z):\n    return np.exp(z - np.max(z, axis=0)) / np.exp(z - np.max(z, axis=0)).sum(axis=0)\nsoftmax = _softmax",
        "from functools import wraps, cache\ndef same(f):\n    @wraps(f)\n    def g(z):\n        return f(z)\n    return g\n@same\n"
        + RIGHT,
        "%%time\n" + RIGHT,
    ],
)
def test_no_right_answer_is_called_stale(notebook: Notebook, source: str) -> None:
    """However an answer comes to its name, what the notebook now calls so is judged."""
    notebook.run(WRONG)
    notebook.run(source)
    assert notebook.run("check(softmax)").startswith("✓ softmax")


def test_a_name_that_is_written_otherwise(notebook: Notebook) -> None:
    """Where nothing has it, the nearest of the chapter is told all the same; any other missing name keeps its traceback."""
    notebook.run(STUB)
    for source in ("check(sofmax)", "hint(sofmax, more=True)"):
        assert notebook.run(source).startswith("`sofmax`: there is no exercise of this name. Did you mean `softmax`?")
    assert "Traceback" in notebook.run("print(sofmax)")


def test_another_function_of_the_name(notebook: Notebook) -> None:
    """A function that the notebook does not call by its name any more is not judged in its place."""
    notebook.run(RIGHT + "\nkept = softmax")
    notebook.run(WRONG)
    assert "this is not what cell [" in notebook.run("check(kept)")


def test_edited_and_not_run(notebook: Notebook) -> None:
    """Where the file was saved with another text than the one that ran, the check says to run it; a comment is no other text."""
    notebook.save(RIGHT)
    notebook.run(RIGHT)
    assert notebook.run("check(softmax)").startswith("✓")
    time.sleep(0.05)
    notebook.save(RIGHT.replace("(z):", "(z):\n    # shifted"))
    assert notebook.run("check(softmax)").startswith("✓")
    notebook.save(WRONG)
    assert "was changed and not run since" in notebook.run("check(softmax)")


def test_interrupts(notebook: Notebook) -> None:
    """One interrupt ends a check, and the whole of progress; the kernel goes on."""
    notebook.run("def init_params(sizes, rng):\n    while True:\n        try:\n            pass\n        except:\n            pass")
    said = notebook.run("check(init_params)", interrupt_after=0.7)
    assert "you stopped it before `init_params` was done. Does its loop ever end?" in said
    assert "line: " in said
    said = notebook.run("progress()", interrupt_after=0.7)
    assert "○ init_params: not checked: you stopped it" in said
    assert "○ forward: not checked" in said
    assert notebook.run("1 + 1") == "2"


def test_missing_names(notebook: Notebook) -> None:
    """A name that is missing after a restart gets a sentence and no traceback, in a cell, a checkpoint, and inside an answer."""
    for source in ("check(softmax)", SCORES):
        assert notebook.run(source).startswith("NameError: `softmax` is not defined yet. Run the cells above first")
    assert "Traceback" in notebook.run("something_of_mine")
    notebook.run("def neuron(w, a, b, f):\n    return f(not_there)")
    assert "Run the cells above first: after a restart nothing is defined." in notebook.run("check(neuron)")
    assert "Did you mean `neuron`?" in notebook.run("def nueron(w):\n    return w\ncheck(nueron)")


def test_hints_passes_and_progress_outlive_a_restart(notebook: Notebook) -> None:
    """Hints go on where they were, and progress knows what passed; the file can be deleted, or be anything."""
    notebook.run(RIGHT)
    notebook.run("check(softmax)")
    notebook.run(STUB.replace("softmax", "forward"))
    assert "  1. " in notebook.run("hint(forward)")
    assert "  2. " in notebook.run("hint(forward, more=True)")
    notebook.restart()
    notebook.run(STUB.replace("softmax", "forward").replace("your code here", "something else"))
    said = notebook.run("hint(forward)")
    assert ("  2. " in said, "  3. " in said) == (True, False)
    assert "softmax: not attempted: it passed before the restart" in notebook.run("progress()")
    assert "01 M-P neuron and perceptron: 0 of 11 passed" in notebook.run("progress(all=True)")
    (notebook.path.parent / NAME).write_text('{"hints": 3, "passed": {"softmax": [')
    assert "  1. " in notebook.run("hint(forward)")


def test_own_code_and_predictions_outlive_a_restart(notebook: Notebook) -> None:
    """What passed stands in `mine.py`, and what was entered in the field is shown again."""
    mine = notebook.path.with_name("mine.py")
    notebook.run(RIGHT)
    assert notebook.run("check(softmax)").startswith("✓")
    assert RIGHT in mine.read_text()
    notebook.run("from nnlab import predict\nfrom nnlab.checks._asking import ask, bank\nname = next(iter(bank.questions()))")
    assert "predict(" in notebook.run("predict(name)")
    notebook.run("predict(name, next(iter(bank.questions()[name].letters), 'so'))")
    notebook.restart()
    assert notebook.run("from mine import forward, softmax") == "yours: softmax · the course's: forward\n"
    assert notebook.run("softmax(np.zeros((2, 1))).tolist()") == "[[0.5], [0.5]]"
    notebook.run("from nnlab.checks._asking import ask, bank")
    assert notebook.run("bool(ask.remembered(next(iter(bank.questions().values()))))") == "True"
    mine.write_text("def softmax(z):\n    return (z")
    assert "mine.py, line 2: '(' was never closed." in notebook.run("from mine import softmax")
    mine.unlink()


def test_hints_climb_when_a_class_beside_the_function_changed(notebook: Notebook) -> None:
    """The source of an answer is its whole cell: methods count, comments and docstrings do not."""
    cell = "class Node:\n    def backward(self):\n        return 1\n\ndef graph_gradients(build):\n    return Node().backward()"
    notebook.run(cell)
    assert "  1. " in notebook.run("hint(graph_gradients)")
    notebook.run(cell.replace("def backward(self):", 'def backward(self):\n        """Go back."""\n        # slowly'))
    assert "  2. " not in notebook.run("hint(graph_gradients)")
    notebook.run(cell.replace("return 1", "return 2"))
    assert "  2. " in notebook.run("hint(graph_gradients)")


def test_a_folder_that_cannot_be_written(notebook: Notebook) -> None:
    """Where nothing can be kept, hints still climb until the kernel ends, and nothing is said of it."""
    notebook.run("import nnlab.checks._notebook.memory as m\ndef full(*_): raise OSError(28, 'disk full')\nm.write_atomically = full")
    notebook.run(STUB)
    assert "  1. " in notebook.run("hint(softmax)")
    assert "  2. " in notebook.run("hint(softmax, more=True)")
    assert not (notebook.path.parent / NAME).exists()
    notebook.restart()


def test_checkpoint_says_whether_its_lines_agree(notebook: Notebook) -> None:
    """All lines, the first that does not, or what is missing and how to go on; what functions print themselves does not count."""
    notebook.run(STUB)
    said = notebook.run(SCORES)
    assert said.startswith("○ Not attempted yet: `softmax`. Write it above")
    assert "from nnlab.activations import softmax" in said
    notebook.run("from nnlab.activations import softmax")
    assert notebook.run(SCORES).endswith("✓ 3 of 3 lines agree.")
    assert "this is the course's version" in notebook.run("check(softmax)")
    notebook.run(RIGHT.replace("    return", "    print('hello')\n    return"))
    assert notebook.run(SCORES).endswith("✓ 3 of 3 lines agree.")
    notebook.run(WRONG)
    assert "✗ Line 1 of 3 is the first that does not agree.\n  expected: free flow  0.866813\n  got: free flow  0.416667" in notebook.run(
        SCORES
    )
    assert "agree" not in notebook.run(SCORES.replace("6.0", "6.5"))


def test_checkpoint_names_only_what_is_missing(notebook: Notebook) -> None:
    """Of several exercises only those without an answer are named."""
    notebook.run(STUB + "\n" + STUB.replace("softmax", "forward") + "\ndef neuron(w, a, b, f):\n    return b")
    said = notebook.run("with checkpoint(neuron, softmax, forward):\n    forward(1)")
    assert said.startswith("○ Not attempted yet: `softmax`, `forward`. Write them above")


def test_checkpoint_of_what_a_lecture_has_not_typed_yet(notebook: Notebook) -> None:
    """A head and its description, and no line below: skipped in a lecture, it gives None, and the class saw a traceback."""
    notebook.run('def softmax(z):\n    """Return the shares.\n    """\n    # your code here')
    assert notebook.run(SCORES).startswith("○ Not attempted yet: `softmax`. Write it above")
    notebook.run("def forward(x):\n    pass")
    assert notebook.run("with checkpoint(forward):\n    forward(1).sum()").startswith("○ Not attempted yet: `forward`.")
    notebook.run("def forward(x):\n    return x")
    assert "AttributeError" in notebook.run("with checkpoint(forward):\n    forward(1).sum()")


def test_a_check_is_quick_and_says_once_what_it_says(notebook: Notebook) -> None:
    """A check shows one card, also after a line that said it takes a while."""
    notebook.run("import time\ndef softmax(z):\n    time.sleep(0.25)\n    return np.exp(z - z.max(0)) / np.exp(z - z.max(0)).sum(0)")
    assert notebook.run("check(softmax)").startswith("✓ softmax")
