"""The package installs what it says, imports cheaply, and its environment files agree."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab import ARGUMENTS, CHROMIUM, IDLE, lab
from sample_class import sample_class
from support import EVERY, ROOT

import nnlab
from nnlab.start import NOTE
from nnlab.workbook.release import environment

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text("utf-8").splitlines()


STUDENTS = {each.split(";")[0] for each in PROJECT["dependencies"]}
CHAPTER = "03_forward_propagation"
OTHER_PROJECT = re.compile(
    r"""(?:pip|pipx|conda|tool)\ install\b[^\n`,]*?["' ]nnlab(?=$|[\[\s"'`=<>~.,\\]) | uvx\ +nnlab\b | --from[ =]["']?nnlab(?!-course)""",
    re.X | re.M,
)
WORK = """
import json, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in json.loads(Path(sys.argv[1]).read_text("utf-8"))["cells"]:
    known = cell["metadata"].get("nnlab", {})
    if cell["cell_type"] == "code" and "demo" not in cell["metadata"].get("tags", ()) and "checkpoint" not in known:
        shell.run_cell("".join(cell["source"])).raise_error()
    if known.get("check") == "softmax":
        break
"""


def name(requirement: str) -> str:
    """Return the package a requirement names."""
    return re.split(r"[<>=\[;]", requirement)[0].lower().replace("_", "-")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build the wheel and the sdist, once."""
    folder = tmp_path_factory.mktemp("packages")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def python(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that has nnlab from the wheel, and what nnlab needs from ours.

    The cell for Colab, as it stands in the docs, installs it there. Nothing is asked of an index, and the repository is on no path.
    """
    folder = tmp_path_factory.mktemp("student")
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    place = next((folder / "env").glob("lib*/**/site-packages"))
    ours = Path(yaml.__file__).parents[1]
    (folder / "packages").mkdir()
    for path in ours.iterdir():
        if "nnlab" not in path.name:
            (folder / "packages" / path.name).symlink_to(path)
    (place / "packages.pth").write_text(str(folder / "packages"))
    (cell,) = re.findall(r"^%pip .*$", (ROOT / "docs" / "starting.md").read_text("utf-8"), re.M)
    code = f"from IPython.core.interactiveshell import InteractiveShell; InteractiveShell.instance().run_cell({cell!r}).raise_error()"
    python = next((folder / "env").glob("*/python"))
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(built[".whl"].parent), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([python, "-c", code], cwd=folder, env={**os.environ, **offline}, check=True)
    return python


def test_the_wheel_holds_the_chapters_and_no_answers(built: dict[str, Path]) -> None:
    """As students get them; no solution, no hidden test, nothing of this machine. It says the name that is ours."""
    with zipfile.ZipFile(built[".whl"]) as wheel:
        names = wheel.namelist()
        chapters = {each: wheel.read(f"nnlab/released/{each}.ipynb") for each in EVERY}
        text = b"".join(wheel.read(each) for each in names).decode("utf-8", "replace")
    assert {each: (ROOT / "chapters" / f"{each}.ipynb").read_bytes() for each in EVERY} == chapters
    assert len([each for each in names if each.endswith(".ipynb")]) == 2 * len(EVERY)  # in English and Chinese
    assert [each for each in names if re.search("solutions/|hidden/|tests/|mutants/|submissions/|[.]npz", each)] == []
    assert str(ROOT) not in text
    assert "Name: nnlab-course\n" in text
    assert "Requires-Dist: jupyterlab>=4.2; sys_platform != 'emscripten'" in text


def test_the_sdist_holds_no_answers(built: dict[str, Path]) -> None:
    """Nor what they could be read from; but what the wheel is built from."""
    with tarfile.open(built[".gz"]) as sdist:
        names = {each.split("/", 1)[1] for each in sdist.getnames()}
    assert {each.split("/")[0] for each in names if "/" in each} == {"nnlab", "chapters", "docs"}
    assert {"pyproject.toml", "README.md", "nnlab/start.py", f"chapters/{CHAPTER}.ipynb", "docs/starting.md"} <= names
    assert [each for each in names if each.startswith("nnlab/released")] == []


def test_a_student_starts_from_the_wheel_alone(python: Path, tmp_path: Path) -> None:
    """`nnlab start` gives a folder in which chapter 03 can be worked, checked and accepted."""

    def run(*command: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*map(str, command)], cwd=tmp_path, capture_output=True, text=True, check=False)

    nnlab_ = python.with_name("nnlab")
    assert run(nnlab_, "start", "--no-open").stderr == ""
    work = tmp_path / "neural-networks"
    assert {path.name for path in work.iterdir()} == {NOTE, *(f"{each}.ipynb" for each in EVERY)}
    where = run(python, "-c", "import nnlab, sys; print(nnlab.__file__, sys.path)").stdout
    assert str(python.parents[1]) in where
    assert str(ROOT) + "'" not in where
    told = run(nnlab_, "accept", work / f"{CHAPTER}.ipynb")
    assert "0 of 8 answers are found in it" in told.stdout, told.stderr
    path = work / f"{CHAPTER}.ipynb"
    path.write_text(json.dumps(answered(json.loads(path.read_text("utf-8")))), "utf-8")
    told = run(python, "-c", WORK, path)
    assert re.search("softmax.*(passed|right)", told.stdout), told.stdout + told.stderr
    told = run(nnlab_, "accept", path)
    assert (told.returncode, "8 of 8 answers are found in it" in told.stdout) == (0, True), told.stdout + told.stderr


BROWSER = pytest.mark.skipif(
    not (CHROMIUM and find_spec("playwright")), reason="Chromium or playwright is not installed: see make test-all"
)
CARD = "[role=status]:has-text('neuron')"


@BROWSER
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_student_starts_in_a_browser(python: Path, tmp_path: Path) -> None:
    """`nnlab start` opens JupyterLab on the chapters: an answer is typed into the first exercise of chapter 03, and its check is green."""
    from playwright.sync_api import sync_playwright

    share = Path(sys.prefix) / "share" / "jupyter"  # what JupyterLab is made of; the wheel's environment has our packages, but not this
    with (
        lab(
            tmp_path, start=[str(python.with_name("nnlab")), "start", str(tmp_path / "work")], places={"JUPYTERLAB_DIR": share / "lab"}
        ) as address,
        sync_playwright() as started,
    ):
        page = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS).new_page(viewport={"width": 1200, "height": 1000})
        page.set_default_timeout(60_000)
        page.goto(f"{address}/doc/tree/{CHAPTER}.ipynb?token=t&reset")
        page.wait_for_function(IDLE)
        cells = page.locator(".jp-Notebook-cell")
        exercise, check = cells.filter(has_text="def neuron(w, a, b, f):").first, cells.filter(has_text="check(neuron)").first
        check.locator(".cm-content").click()
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-above')")
        page.keyboard.press("Shift+Enter")
        page.locator(CARD, has_text="not attempted").first.wait_for()
        exercise.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text("def neuron(w, a, b, f):\n    return f(w @ a + b)")
        page.keyboard.press("Shift+Enter")  # runs it, and goes on to its check
        page.keyboard.press("Shift+Enter")
        card = page.locator(CARD, has_text="✓").first
        card.wait_for()
        assert "rgb(0, 158, 115)" in card.evaluate("card => getComputedStyle(card).borderLeftColor")
        page.keyboard.press("Control+S")
        page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    assert "return f(w @ a + b)" in (tmp_path / "work" / f"{CHAPTER}.ipynb").read_text("utf-8")


def answered(notebook: Any) -> Any:
    """Return a notebook of chapter 03 with the answers of the sample class's best student."""
    theirs = json.loads((sample_class(CHAPTER).folder / "full_marks.ipynb").read_text("utf-8"))
    answers = {cell["metadata"]["nnlab"]["exercise"]: cell["source"] for cell in theirs["cells"] if "exercise" in known(cell)}
    for cell in notebook["cells"]:
        cell["source"] = answers.get(known(cell).get("exercise", ""), cell["source"])
    return notebook


def known(cell: Any) -> dict[str, str]:
    """Return what we know of a cell."""
    return dict(cell["metadata"].get("nnlab", {}))


def test_nobody_is_told_to_install_the_other_project() -> None:
    """What is called `nnlab` on the package index is not ours: no file of ours says to install it."""
    folders = ("nnlab", "docs", "solutions", "chapters", "benchmarks", "tests", ".binder", ".devcontainer")
    paths = [
        *(path for folder in folders for path in (ROOT / folder).rglob("*")),
        *ROOT.glob("*.*"),
        ROOT / "Makefile",
        ROOT / "Dockerfile",
    ]
    texts = {path: path.read_text("utf-8") for path in paths if path.is_file() and path.suffix not in (".pyc", ".png", ".npz", ".otf")}
    found = {str(path): match[0] for path, text in texts.items() for match in [OTHER_PROJECT.search(text)] if match}
    assert found == {}
    for wrong in ("pip install {}", 'pip install "{}[grading]"', "uvx {} start", "uvx --from {} nnlab start", "uv tool install -q {}"):
        assert OTHER_PROJECT.search(wrong.format("nnlab"))
    for right in ("pip install nnlab-course", 'pip install "nnlab-course[web]"', "uvx --from nnlab-course nnlab start", "pip install -e ."):
        assert not OTHER_PROJECT.search(right)


def test_environment_is_in_step() -> None:
    """environment.yml asks for what students and instructors need, no more and no less."""
    listed = {each for each in yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"] if isinstance(each, str)}
    wanted = {*STUDENTS, *PROJECT["optional-dependencies"]["grading"], f"python{PROJECT['requires-python']}", "pip"}
    assert {each.replace("_", "-") for each in listed} == wanted


def test_students_environments_are_in_step() -> None:
    """The bundle's and Binder's ask for what students need; Binder's installs nnlab itself, with what builds it."""
    bundle = yaml.safe_load(environment(ROOT))["dependencies"]
    assert {each for each in bundle if isinstance(each, str)} == {*STUDENTS, f"python{PROJECT['requires-python']}", "pip"}
    assert bundle[-1] == {"pip": ["."]}
    binder = yaml.safe_load((ROOT / ".binder" / "environment.yml").read_text("utf-8"))["dependencies"]
    assert set(binder) == {*STUDENTS, "python=3.11", "pip", "hatchling"}
    assert subprocess.run(["bash", "-n", ROOT / ".binder" / "postBuild"], check=False).returncode == 0
    assert os.access(ROOT / ".binder" / "postBuild", os.X_OK)


def test_the_dev_container_is_in_step() -> None:
    """Its file is read, its Python is new enough, and it installs an extra that is there."""
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert re.search(r"^FROM python:3\.1[1-9]-", (ROOT / ".devcontainer" / container["build"]["dockerfile"]).read_text("utf-8"), re.M)
    (extra,) = re.findall(r"\.\[(\w+)\]", container["postCreateCommand"])
    assert extra in PROJECT["optional-dependencies"]


def test_constraints_pin_what_was_tested() -> None:
    """Every direct dependency has one exact version, and no line holds an address."""
    pins = [line for line in CONSTRAINTS if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.+]*", line)] == []
    extras = [each for extra in PROJECT["optional-dependencies"].values() for each in extra]
    assert {name(each) for each in (*PROJECT["dependencies"], *extras)} - {"nnlab-course"} - {name(line) for line in pins} == set()


@pytest.mark.parametrize("module", ["nnlab", "nnlab.forward_propagation", "nnlab.checks"])
def test_imports_are_cheap(module: str) -> None:
    """Nothing heavy is imported before it is used."""
    heavy = ["matplotlib", "sklearn", "scipy", "IPython", "ipywidgets", "rich", "sqlalchemy", "pytest", "nbformat"]
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_lazy_names() -> None:
    """`from nnlab import check` works, and what is not there is an AttributeError."""
    assert {"check", "checkpoint", "hint", "progress"} <= set(dir(nnlab))
    assert callable(nnlab.check)
    with pytest.raises(AttributeError, match="nothing"):
        _ = nnlab.nothing


def test_changelog_has_the_version() -> None:
    """The version that is being made is written about."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert nnlab.__version__.removesuffix(".dev0") in text or "Unreleased" in text
