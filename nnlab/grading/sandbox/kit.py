"""What the sandbox gets of nnlab: what a notebook needs, and none of the answers being graded."""

from __future__ import annotations

import ast
import atexit
import json
import shutil
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

import nnlab
from nnlab import exercises
from nnlab.checks._mine.give import home
from nnlab.grading.sandbox.excerpt import MISSING, Import, excerpts, imports
from nnlab.grading.sandbox.leftovers import prefix
from nnlab.languages import LANGUAGES

PACKAGE = Path(nnlab.__file__).parent
INSIDE = PACKAGE / "grading" / "sandbox" / "inside"
NOT_IN_IT = ("__pycache__", "grading", "workbook", "cli.py", "doctor.py")  # the instructors' rooms
STAND_INS = {  # in the sandbox nobody looks at cards and figures, and there is no notebook with a file beside it
    "checks.py": "checks/__init__.py",
    "plots.py": "plots.py",
    "_mine.py": "_mine.py",
}
MINE = "mine"  # the module that students import their own code from
WHOLE = ("__init__.py", "checks/_checkpoint.py", "languages/__init__.py")  # what is needed as it is
NO_PICTURES: dict[str, dict[str, list[str]]] = {"InlineBackend": {"figure_formats": []}}


def build_kit(to: Path, wanted: Collection[Import] | None, answers: Collection[Import] = (), data: Collection[str] | None = None) -> Path:
    """Stage a folder for the sandbox's PYTHONPATH.

    Parameters
    ----------
    to : Path
        The folder to make.
    wanted : collection of pairs, or None
        Modules and names that a chapter's cells import (`excerpt.imports`): of each lesson they get an excerpt. Checks say nothing
        then, nothing is drawn, and there are no demos. None stages all that students have.
    answers : collection of pairs
        What must not be in it.
    data : collection of str, or None
        The bundled data files that are staged, such as "traffic.csv"; None stages all.

    Returns
    -------
    Path
        `to`, readable by everyone.

    Raises
    ------
    ValueError
        If the cells import what needs an answer.
    """
    shutil.copytree(INSIDE, to / "nnlab_inside", ignore=shutil.ignore_patterns("__pycache__", "accept.py", *STAND_INS))
    if wanted is None:
        shutil.copytree(PACKAGE, to / "nnlab", ignore=shutil.ignore_patterns(*NOT_IN_IT))
        if exercises.folder() != exercises.HERE:  # what the students' bundle has in the package
            own = shutil.ignore_patterns("__pycache__")
            shutil.copytree(exercises.folder(), to / "nnlab" / exercises.FOLDER, ignore=own, dirs_exist_ok=True)
        (to / "nnlab" / "grading").mkdir()
        for name in ("__init__.py", "accept.py"):
            shutil.copyfile(INSIDE / "accept.py", to / "nnlab" / "grading" / name)
    else:
        _stage_excerpts(wanted, answers, to / "nnlab")
    _leave_out(to / "nnlab" / "data", data)
    modules = {name for module, each in wanted or () for name in (module, f"{module}.{each}") if each or name == module}
    (to / "modules.json").write_text(json.dumps(sorted(modules)))
    (to / "config.json").write_text(json.dumps(NO_PICTURES if wanted is not None else {}))
    _stage_fonts(to / "matplotlib")
    for path in (to, *to.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return to


def lasting_kit(wanted: Collection[Import] | None, answers: Collection[Import] = (), data: Collection[str] | None = None) -> Path:
    """Stage a kit in a folder of its own that lives as long as this process; else as `build_kit`."""
    folder = tempfile.mkdtemp(prefix=prefix("kit"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return build_kit(Path(folder) / "kit", wanted, answers, data)


def _stage_excerpts(wanted: Collection[Import], answers: Collection[Import], ours: Path) -> None:
    """Stage excerpts of the lessons, the data whole, and stand-ins for checks and figures."""
    shutil.copytree(PACKAGE / "data", ours / "data", ignore=shutil.ignore_patterns("__pycache__"))
    (ours / "checks").mkdir()
    for code in LANGUAGES:
        (ours / "languages" / code).mkdir(parents=True)  # known there, and without a sentence: nobody reads what is said
    for name in WHOLE:
        shutil.copyfile(PACKAGE / name, ours / name)
    for stand_in, name in STAND_INS.items():
        shutil.copyfile(INSIDE / stand_in, ours / name)
    for name, source in lesson_excerpts(wanted, answers).items():
        place = ours / _staged(name)
        place.parent.mkdir(exist_ok=True)
        place.write_text(source, "utf-8")
    (ours.parent / "mine.py").write_text(mine(wanted), "utf-8")


def mine(wanted: Collection[Import]) -> str:
    """Return the source of what takes the place of the student's own code: the course's functions that cells import from there."""
    names = sorted(name for module, name in wanted if module == MINE)
    return "\n".join([*(f"from {module} import {name}" for name in names for module in homes(name)), MISSING])


def homes(name: str) -> list[str]:
    """Return the module with the course's version of an exercise, or none where there is no such exercise."""
    return [each for each in [home(name)] if each]


def with_homes(wanted: Iterable[Import]) -> set[Import]:
    """Add to what cells import where it comes from while grading: `from mine import softmax` stands for the course's version."""
    pairs = set(wanted)
    return pairs | {(module, name) for where, name in pairs if where == MINE for module in homes(name)}


def lesson_excerpts(wanted: Collection[Import], answers: Collection[Import] = ()) -> dict[str, str]:
    """Return the source of each lesson's excerpt, by the name of the module, for what cells import and what is staged whole.

    Raises
    ------
    ValueError
        If that needs an answer.
    """
    whole = [*(PACKAGE / name for name in WHOLE), *(INSIDE / name for name in STAND_INS), *(PACKAGE / "data").glob("*.py")]
    needed = {each for path in whole for each in imports(ast.parse(path.read_text("utf-8")))}
    lessons = {name: (PACKAGE / path).read_text("utf-8") for name, path in _places().items()}
    return excerpts(lessons, with_homes({*wanted, *needed}), answers)


def _places() -> dict[str, Path]:
    """Return where each lesson lies in the package, by the name of the module; those of a course's own, wherever they lie."""
    places = {_module(path): path.relative_to(PACKAGE) for path in (*PACKAGE.glob("*.py"), *PACKAGE.glob("network/*.py"))}
    lessons = {name: path for name, path in places.items() if str(path) not in (*WHOLE, *STAND_INS, *NOT_IN_IT)}
    return {**lessons, **exercises.files()}


def _staged(name: str) -> Path:
    """Return where an excerpt lies in the sandbox's package; a chapter of a course's own is no longer found by its number there."""
    place = _places()[name]
    return place if not place.is_absolute() else Path(*name.split(".")[1:]).with_suffix(".py")


def _leave_out(folder: Path, data: Collection[str] | None) -> None:
    """Remove the data files that a chapter does not declare."""
    for path in folder.iterdir():
        if data is not None and path.suffix != ".py" and path.name not in data:
            path.unlink() if path.is_file() else shutil.rmtree(path)


def _module(path: Path) -> str:
    """Return the dotted name of a module of ours."""
    return ".".join(("nnlab", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def _stage_fonts(to: Path) -> None:
    """Copy matplotlib's list of fonts: making it anew would cost each kernel a second or more."""
    import matplotlib
    import matplotlib.font_manager

    to.mkdir()
    for cache in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
        shutil.copyfile(cache, to / cache.name)
