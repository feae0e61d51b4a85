"""`mine.py`: what passed its check is kept beside the notebook, and `from mine import …` brings it into the next chapter."""

from __future__ import annotations

import ast
import contextlib
import linecache
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from support import CHAPTERS, ROOT

import nnlab
from nnlab import checks
from nnlab.activations import softmax as ours
from nnlab.checks._judging.calls import call, same
from nnlab.checks._mine.file import HEAD, library, merged
from nnlab.checks._mine.give import home
from nnlab.checks._mine.keep import keep
from nnlab.checks._mine.needs import outside
from nnlab.languages import speaking
from nnlab.workbook.course import Course
from nnlab.workbook.source import read, role

SOFTMAX = "def softmax(z):\n    e = np.exp(z - np.max(z, axis=0))  # shifted\n    return e / e.sum(axis=0)"
SIGMOID = "def sigmoid(z):\n    e = np.exp(-np.abs(z))\n    return np.where(z < 0, e, 1) / (1 + e)"
SWISH_SLOPE = "def swish_derivative(z, beta=1.0):\n    s = sigmoid(beta * z)\n    return s + beta * z * s * (1 - s)"


class Notebook:
    """A notebook file, and what IPython knows of the cells that were run for it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "03.ipynb"
        self.user_ns: dict[str, Any] = {"__name__": "__main__"}
        self.history_manager = SimpleNamespace(input_hist_raw=[""], input_hist_parsed=[""])

    @property
    def mine(self) -> Path:
        """The file beside it."""
        return self.path.with_name("mine.py")

    def run(self, source: str) -> None:
        """Run a cell."""
        for history in (self.history_manager.input_hist_raw, self.history_manager.input_hist_parsed):
            history.append(source)
        name = f"<cell {id(self)} {len(self.history_manager.input_hist_raw)}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        exec(compile(source, name, "exec"), self.user_ns)


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Notebook:
    """Return a notebook in which NumPy and the checks are imported; what it shows is printed."""
    made = Notebook(tmp_path)
    monkeypatch.setattr("nnlab.checks._notebook.place.shell", lambda: made)
    monkeypatch.setattr("nnlab.checks._notebook.place.PROGRAMS", ())
    monkeypatch.setattr("nnlab.checks._mine.give.shell", lambda: made)
    monkeypatch.setattr("nnlab.checks._notebook.memory._here", {})
    monkeypatch.setenv("JPY_SESSION_NAME", str(made.path))
    made.run("import numpy as np\nfrom nnlab import check, own_code, progress")
    return made


def test_what_passes_is_kept_and_given(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """With its import and comments; in the next chapter it comes from there, the rest from the course, and a line says so, once."""
    notebook.run(SOFTMAX + "\n\ncheck(softmax)")
    text = notebook.mine.read_text()
    assert text == f"{HEAD}\nimport numpy as np\n\n\n# 03 Forward propagation\n{SOFTMAX}\n"
    capsys.readouterr()
    notebook.run("del softmax\nfrom mine import (\n    softmax,\n    forward,\n)")
    assert capsys.readouterr().out == "yours: softmax · the course's: forward\n"
    assert notebook.user_ns["softmax"] is not ours
    assert notebook.user_ns["softmax"].__code__.co_filename == str(notebook.mine)
    assert notebook.user_ns["forward"] is checks.find("forward").reference  # type: ignore[union-attr]
    assert notebook.user_ns["softmax"](np.array([[0.0], [0.0]])).tolist() == [[0.5], [0.5]]
    notebook.run("from mine import *\nimport mine\nagain = mine.softmax")
    assert capsys.readouterr().out == "yours: softmax\n"
    assert "forward" in dir(sys.modules["mine"])


def test_what_does_not_pass_is_not_kept(notebook: Notebook) -> None:
    """Neither a wrong answer nor the course's own version."""
    notebook.run("def softmax(z):\n    return z\n\ncheck(softmax)")
    notebook.run("from nnlab.activations import softmax\ncheck(softmax)")
    assert not notebook.mine.exists()


def test_newest_wins_and_the_rest_stays(notebook: Notebook) -> None:
    """One definition a name; what a student wrote between them is not touched."""
    notebook.run(SOFTMAX + "\n\ncheck(softmax)")
    notebook.run(SIGMOID + "\n\ncheck(sigmoid)")
    notebook.mine.write_text(notebook.mine.read_text() + "\n\n# my own remark\nEPS = 1e-9\n")
    notebook.run(SOFTMAX.replace("# shifted", "# so that nothing overflows") + "\n\ncheck(softmax)")
    text = notebook.mine.read_text()
    assert text.count("def softmax") == text.count("def sigmoid") == text.count("import numpy") == 1
    assert "so that nothing overflows" in text
    assert "shifted" not in text
    assert "# my own remark\nEPS = 1e-9" in text
    before = notebook.mine.stat().st_mtime_ns
    notebook.run("check(softmax)")
    assert notebook.mine.stat().st_mtime_ns == before


def test_it_brings_what_it_needs(notebook: Notebook) -> None:
    """Helpers, constants and imports of the notebook; another exercise from the file, where it passed, else from the course."""
    notebook.run("from math import e as euler\nTOP = 0.0\n\n\ndef shifted(z):\n    return z - np.max(z, axis=0) + TOP")
    notebook.run("def softmax(z):\n    e = np.power(euler, shifted(z))\n    return e / e.sum(axis=0)\n\ncheck(softmax)")
    notebook.run("def sigmoid(z):\n    return 1 / (1 + np.exp(-z))")  # not checked: it is not theirs yet
    notebook.run(SWISH_SLOPE + "\n\ncheck(swish_derivative)")
    text = notebook.mine.read_text()
    assert "from nnlab.activations import sigmoid\n" in text
    assert text.index("TOP = 0.0") < text.index("def shifted") < text.index("def softmax") < text.index("def swish_derivative")
    exec(compile(text, "mine.py", "exec"), names := {})
    assert names["softmax"](np.zeros((2, 1))).tolist() == [[0.5], [0.5]]  # type: ignore[operator]
    notebook.run(SIGMOID + "\n\ncheck(sigmoid)")
    text = notebook.mine.read_text()
    assert "from nnlab.activations import sigmoid" not in text
    exec(compile(text, "mine.py", "exec"), names := {})
    assert names["swish_derivative"](0.0) == 0.5  # type: ignore[operator]


def test_a_table_of_functions_is_kept(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """The operations that stand above `graph_values` in its cell go along: they are no array of the notebook."""
    notebook.run(
        next(cell.source for cell in read(Course(ROOT).chapter("04")).cells if "\ndef graph_values(" in cell.source)
        + "\n\ncheck(graph_values)"
    )
    assert "not kept" not in capsys.readouterr().out
    notebook.user_ns.pop("graph_values"), notebook.user_ns.pop("OPS")
    notebook.run("from mine import graph_values")
    assert capsys.readouterr().out == "yours: graph_values\n"
    assert notebook.user_ns["graph_values"]([2.0, 3.0], [("*", 0, 1)]) == [2, 3, 6]
    pairs = 'PAIRS = {"e": (np.exp, None)}\n\n\n'  # as in chapter 08
    notebook.run(pairs + SOFTMAX.replace("np.exp(", 'PAIRS["e"][0](') + "\n\ncheck(softmax)")
    assert "not kept" not in capsys.readouterr().out
    assert 'PAIRS = {"e": (np.exp, None)}\n' in notebook.mine.read_text()


def test_every_answer_of_the_course_is_kept(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """From the first chapter to the last in one folder: each is kept, does the same from the file, and all that later ones import is theirs."""
    for chapter in map(Course(ROOT).chapter, CHAPTERS):
        notebook.path = notebook.path.with_name(f"{chapter.name}.ipynb")
        for cell in read(chapter).cells:
            kind, name = role(cell)
            if kind == "exercise":
                notebook.run(cell.source)
                assert keep(name, notebook.user_ns[name], notebook.user_ns, chapter.declared.title, home) == ""
            elif cell.cell_type == "code":
                _run_given(notebook, cell.source)
        theirs = library()
        for exercise in chapter.declared.exercises:
            kept, case = theirs.get(exercise.name), exercise.cases[0]  # type: ignore[union-attr]
            assert exercise.call or same(call(kept, case), call(exercise.reference, case), exercise.judge), exercise.name
    told = capsys.readouterr().out.splitlines()
    assert len([line for line in told if line.startswith("yours: ")]) >= 9
    assert not [line for line in told if "the course's" in line or "mine.py" in line]


def _run_given(notebook: Notebook, source: str) -> None:
    """Run what a given cell imports, defines and writes down, and compute nothing."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    for part in ast.parse(source).body:
        if isinstance(part, kinds) or (isinstance(part, ast.Assign) and isinstance(part.value, (ast.Constant, ast.Dict))):
            with contextlib.suppress(NameError):  # a table of what is computed
                notebook.run(ast.unparse(part))


def test_a_helper_that_its_author_changed(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """`pocket` uses the class of `train_perceptron`: changed in its own cell, it takes the place of the old one for both."""
    cells = {role(cell)[1]: cell.source for cell in read(Course(ROOT).chapter("01")).cells if role(cell)[0] == "exercise"}
    for name in ("perceptron_update", "one_epoch", "train_perceptron", "pocket"):
        notebook.run(f"{cells[name]}\n\ncheck({name})")
    changed = cells["train_perceptron"].replace("that learns from its mistakes", "of mine")
    notebook.run(f"{changed}\n\ncheck(train_perceptron)")
    assert "not kept" not in capsys.readouterr().out
    assert notebook.mine.read_text().count("A neuron of mine.") == 1


def test_what_another_notebook_has_just_kept_stays(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two notebooks of a folder check at once: both answers are in the file."""
    kept, merge = [SIGMOID], merged

    def slow(text: str, *rest: Any) -> str:
        done = merge(text, *rest)
        if kept:
            notebook.mine.write_text(f"import numpy as np\n\n\n{kept.pop()}\n")
        return done

    monkeypatch.setattr("nnlab.checks._mine.keep.merged", slow)
    notebook.run(SOFTMAX + "\n\ncheck(softmax)")
    assert "def sigmoid" in notebook.mine.read_text()
    assert "def softmax" in notebook.mine.read_text()


def test_what_cannot_be_kept_is_told(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer is right all the same."""
    notebook.run("table = np.ones(1)")
    notebook.run(SOFTMAX.replace("e.sum(axis=0)", "e.sum(axis=0) * table") + "\n\ncheck(softmax)")
    out = capsys.readouterr().out
    assert "✓ softmax" in out
    assert "`softmax` was not kept in mine.py: it uses `table`, which stands in the notebook only" in out


def test_a_helper_of_the_same_name_is_not_overwritten(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """Another answer uses it."""
    notebook.run("def shift(z):\n    return z - np.max(z, axis=0)")
    notebook.run("def softmax(z):\n    e = np.exp(shift(z))\n    return e / e.sum(axis=0)\n\ncheck(softmax)")
    notebook.run("def shift(z):\n    return -np.abs(z)")
    notebook.run("def sigmoid(z):\n    e = np.exp(shift(z))\n    return np.where(z < 0, e, 1) / (1 + e)\n\ncheck(sigmoid)")
    assert "its `shift` is not the `shift` that `softmax` uses there" in capsys.readouterr().out
    assert "def sigmoid" not in notebook.mine.read_text()


BROKEN = {
    "def softmax(z):\n    return (z": "mine.py, line 2: '(' was never closed. Mend it or delete the file",
    "import sys\n\n\n@sys.exit\ndef softmax(z):\n    return z": "mine.py, line 4: SystemExit",
    "def softmax(z=1 / 0):\n    return z": "mine.py, line 1: ZeroDivisionError: division by zero. Until that is mended, `softmax` is the course's.",
    "softmax = 3": "mine.py, line 1: `softmax` is no function.",
    "import no_such_module_of_mine as np\n\n\ndef softmax(z=np.e):\n    return z": "mine.py, line 1: ModuleNotFoundError",
    "class E(Exception):\n    def __str__(self):\n        return 1 / 0\n\n\ndef no(f):\n    raise E\n\n\n@no\ndef softmax(z): ...": "mine.py, line 10: E. Until",
    "def no(f):\n    raise SystemExit('one\\ntwo')\n\n\n@no\ndef softmax(z): ...": "mine.py, line 5: SystemExit: one. Until",
    "def softmax(z):\n    return np.exp(z)": "mine.py, line 1: what stands there uses `np`, which this file does not have. Until",
    "from math import *\n\n\ndef softmax(z):\n    return shifted(z)": "mine.py, line 4: what stands there uses `shifted`",
    "import numpy as np\n\n\ndef softmax(z):\n    from no_such_module_of_mine.e import e\n\n    return z": "mine.py, line 5: ModuleNotFoundError: No module named 'no_such_module_of_mine'. Until",
    "def softmax(z):\n\tif True:\n        return z": "mine.py, line 3: inconsistent use of tabs and spaces in indentation. Mend it or delete",
    "def softmax(z, n=sum(1 for _ in iter(int, 1))):\n    return z": "mine.py, line 1: this did not end in 0.2 s. Until",
    "\0": "mine.py, ",
    "x = " + "(" * 400 + ")" * 400: "mine.py, ",
}


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: repr(text[:20]))
def test_broken_and_hostile(notebook: Notebook, text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence that names the line, and the course's version; a check does not overwrite what it cannot read."""
    monkeypatch.setattr("nnlab.checks._mine.file.LONGEST", 0.2)
    notebook.mine.write_text(text)
    notebook.run("from mine import softmax")
    out = capsys.readouterr().out
    assert out.startswith("the course's: softmax\n" + BROKEN[text]), out
    assert notebook.user_ns["softmax"] is ours
    notebook.run(SIGMOID + "\n\ncheck(sigmoid)\nown_code()")
    assert "Traceback" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"), [("x = 1\n  y = 2", "第 2 行：unexpected indent"), ("def softmax(z=1 / 0): ...", "第 1 行：ZeroDivisionError: ")]
)
def test_the_line_is_told_in_chinese(notebook: Notebook, text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What Python says of it stays as it is."""
    notebook.mine.write_text(text)
    with speaking("zh"):
        notebook.run("from mine import softmax")
    assert told in capsys.readouterr().out


def test_nothing_else_of_the_file_is_run(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor is a name beside it a trouble: it may shadow what it likes, print, loop or exit."""
    hostile = "import sys\nprint('gotcha')\nsys.exit()\nwhile True:\n    pass\ncheck = print = None\n\n\n"
    notebook.mine.write_text(hostile + "import numpy as np\n" + SOFTMAX)
    notebook.run("from mine import softmax")
    assert capsys.readouterr().out == "yours: softmax\n"
    assert notebook.user_ns["softmax"] is not ours
    assert notebook.user_ns["check"] is nnlab.check


WHOLE = {
    "a mark of the editor": "\ufeffimport numpy as np\n\n\n",
    "all of a module": "from numpy import *\nimport numpy as np\n\n\n",
    "an import that may fail": "try:\n    import numpy as np\nexcept ImportError:\n    np = None\n\n\n",
    "a choice": "if True:\n    import numpy as np\nelse:\n    np = None\n\n\n",
    "lines of another system": "import numpy as np\r\n\r\n\r\n",
    "tabs": "import numpy as np\n\n\ndef softmax(z):\n\treturn z\n\n\n",
    "a way to import that may be missing": "def other():\n    try:\n        import no_such_module\n    except ImportError:\n        pass\n\n\nimport numpy as np\n\n\n",
}


@pytest.mark.parametrize("head", WHOLE.values(), ids=WHOLE)
def test_what_an_editor_or_a_hand_puts_before_it(notebook: Notebook, head: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is used as it stands, and a check adds to it."""
    notebook.mine.write_bytes((head + SOFTMAX).encode())
    notebook.run("from mine import softmax")
    assert capsys.readouterr().out == "yours: softmax\n"
    assert notebook.user_ns["softmax"](np.array([[0.0], [0.0]])).tolist() == [[0.5], [0.5]]
    notebook.run(SIGMOID + "\n\ncheck(sigmoid)")
    capsys.readouterr()
    notebook.run("from mine import sigmoid, softmax")
    assert capsys.readouterr().out == "yours: sigmoid, softmax\n"


@pytest.mark.parametrize("kind", ["folder", "latin-1", "large"])
def test_what_is_no_file_of_ours(notebook: Notebook, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, bytes that are no text, a file too large."""
    if kind == "folder":
        notebook.mine.mkdir()
    else:
        notebook.mine.write_bytes(b"# \xfc\n" if kind == "latin-1" else b"#" * 1_000_001)
    notebook.run("from mine import softmax\n" + SIGMOID + "\n\ncheck(sigmoid)")
    out = capsys.readouterr().out
    assert out.startswith("the course's: softmax\nmine.py, it ")
    assert "`sigmoid` was not kept in mine.py, it " in out


def test_unknown_names(notebook: Notebook) -> None:
    """A sentence says that there is none, as an ImportError."""
    with pytest.raises(ImportError, match=r"there is no `no_such` among your own code in mine\.py, and it is no exercise of the course"):
        notebook.run("from mine import no_such")
    with pytest.raises(AttributeError, match=r"no exercise of the course\. Is it spelled as in its chapter"):
        notebook.run("import mine\nmine.no_such")


def test_a_file_of_an_earlier_edition(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no exercise any more is given as long as it can run; else a sentence names the line, and `*` brings the rest."""
    old = "def softmax_temperature(z, T):\n    return softmax(z / T)\n\n\ndef hidden_grad(delta, a):\n    return delta @ a.T\n"
    notebook.mine.write_text(old, "utf-8")
    notebook.run("from mine import hidden_grad, softmax")
    assert capsys.readouterr().out == "yours: hidden_grad · the course's: softmax\n"
    told = "mine.py, line 1: what stands there uses `softmax`, which this file does not have, and the course has no `softmax_temperature`"
    with pytest.raises(ImportError, match=told.replace(".", r"\.")):
        notebook.run("from mine import softmax_temperature")
    assert "yours" not in capsys.readouterr().out
    notebook.user_ns.pop("hidden_grad")
    notebook.run("from mine import *")
    assert told in capsys.readouterr().out
    assert {"hidden_grad", "softmax_temperature"} & notebook.user_ns.keys() == {"hidden_grad"}


def test_lines_that_a_changed_file_spoils(notebook: Notebook, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a checkpoint's lines do not agree, an own function of an earlier chapter that fails its check now is named, and no other."""
    notebook.mine.write_text(f"import numpy as np\n\n\n{SIGMOID}\n\n\n{SOFTMAX.replace('axis=0', 'axis=None')}\n", "utf-8")
    monkeypatch.setattr("nnlab.checks._notebook.agreement.shell", lambda: notebook)
    monkeypatch.setattr("nnlab.checks._notebook.agreement.by_program", lambda: False)
    monkeypatch.setattr("nnlab.checks._notebook.agreement.expected_lines", lambda source: ["0.5"])
    notebook.run(
        "from nnlab import checkpoint\nfrom mine import sigmoid, softmax\n\n\nwith checkpoint():\n    print(softmax(np.ones((2, 2)))[0, 0])"
    )
    assert capsys.readouterr().out.endswith(
        "As it stands in mine.py, this does not pass its check: `softmax`. Mend it there, or check it again in its chapter.\n"
    )
    notebook.run("with checkpoint():\n    print(0.5)")
    assert "mine.py" not in capsys.readouterr().out


def test_a_later_chapter_is_not_taken_for_an_earlier(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """What comes from `mine` is no answer of this notebook: `progress` shows the chapter that is written here."""
    for source in (SOFTMAX, SIGMOID):
        notebook.run(source + f"\n\ncheck({source[4 : source.index('(')]})")
    notebook.user_ns.pop("sigmoid"), notebook.user_ns.pop("softmax")
    notebook.run("from mine import sigmoid, softmax\n\n\ndef one_hot(y, classes):\n    return np.eye(classes)[:, y]\n\nprogress()")
    assert "05 The traffic-state classifier: 1 of " in capsys.readouterr().out


def test_own_code(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    """It shows what is theirs, by chapter."""
    notebook.run("own_code()")
    assert "Your own library is empty here." in capsys.readouterr().out
    notebook.run(SOFTMAX + "\n\ncheck(softmax)")
    notebook.run(
        SWISH_SLOPE.replace("sigmoid(", "sigmoid_(") + "\n\n\ndef sigmoid_(z):\n    return 1 / (1 + np.exp(-z))\n\ncheck(swish_derivative)"
    )
    capsys.readouterr()
    notebook.run("own_code()")
    out = capsys.readouterr().out
    assert out.startswith("Your own library: 2 of ")
    assert "  03 Forward propagation (1 of " in out
    assert "  helpers (1): sigmoid_" in out


def test_many_write_at_once(notebook: Notebook) -> None:
    """The file is whole at any time: two notebooks may check at once."""
    texts = [merged("", ["import numpy as np"], {"softmax": SOFTMAX + f"  # {number}" * 200}, "03") for number in range(8)]
    from nnlab._files import write_atomically

    def write(text: str) -> bool:
        write_atomically(notebook.mine, text)
        return notebook.mine.read_text() in texts

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write, texts * 4))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x, y=a):\n    z = x + b\n    return [c for c in z if d]", {"a", "b", "d"}),
        ("@wrapped\ndef f(x):\n    def inner():\n        return x + g\n    return len(inner())", {"wrapped", "g"}),
        ("class A(Base):\n    size = width\n\n    def f(self):\n        return self.size + other", {"Base", "width", "other"}),
        ("def f(T):\n    def top(T):\n        e = T\n        return np.exp(e)\n    return top(T)", {"np"}),
        ("def top(x):\n    global seen\n    seen = len(seen)\n    return x", {"seen"}),
        ("def f(:", set()),
    ],
)
def test_what_a_definition_needs(source: str, names: set[str]) -> None:
    """Names that it does not bring along: neither arguments nor builtins nor what it binds itself."""
    assert outside(source) - {"f"} == names


def test_a_plain_python_finds_it(tmp_path: Path) -> None:
    """Outside a notebook all comes from the course, silently, whatever lies about; and `import nnlab` alone stays cheap."""
    (tmp_path / "mine.py").write_text("print('gotcha')\nsoftmax = 3\n")
    code = "import nnlab, sys\nassert 'numpy' not in sys.modules\nfrom mine import softmax\nprint(softmax.__module__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "nnlab.activations\n"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    sys.modules.pop("mine", None)
