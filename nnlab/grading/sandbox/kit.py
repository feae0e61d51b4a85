"""What the sandbox gets of nnlab: what a notebook needs, and none of the answers being graded."""

from __future__ import annotations

import ast
import atexit
import json
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

import nnlab
from nnlab.grading.sandbox.excerpt import Import, excerpts, imports
from nnlab.grading.sandbox.leftovers import prefix

PACKAGE = Path(nnlab.__file__).parent
INSIDE = PACKAGE / "grading" / "sandbox" / "inside"
NOT_IN_IT = ("__pycache__", "grading", "workbook", "cli.py", "doctor.py")  # the instructors' rooms
STAND_INS = {"checks.py": "checks/__init__.py", "plots.py": "plots.py"}  # in the sandbox nobody looks at cards and figures
WHOLE = ("__init__.py", "checks/_checkpoint.py")  # what is needed as it is
NO_PICTURES: dict[str, dict[str, list[str]]] = {"InlineBackend": {"figure_formats": []}}


def build_kit(to: Path, wanted: Collection[Import] | None, answers: Collection[Import] = ()) -> Path:
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

    Returns
    -------
    Path
        `to`, readable by everyone.

    Raises
    ------
    ValueError
        If the cells import what needs an answer.
    """
    shutil.copytree(INSIDE, to / "nnlab_inside", ignore=shutil.ignore_patterns("__pycache__", *STAND_INS))
    if wanted is None:
        shutil.copytree(PACKAGE, to / "nnlab", ignore=shutil.ignore_patterns(*NOT_IN_IT))
    else:
        _stage_excerpts(wanted, answers, to / "nnlab")
    modules = {name for module, each in wanted or () for name in (module, f"{module}.{each}") if each or name == module}
    (to / "modules.json").write_text(json.dumps(sorted(modules)))
    (to / "config.json").write_text(json.dumps(NO_PICTURES if wanted is not None else {}))
    _stage_fonts(to / "matplotlib")
    for path in (to, *to.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return to


def lasting_kit(wanted: Collection[Import] | None, answers: Collection[Import] = ()) -> Path:
    """Stage a kit in a folder of its own that lives as long as this process; else as `build_kit`."""
    folder = tempfile.mkdtemp(prefix=prefix("kit"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return build_kit(Path(folder) / "kit", wanted, answers)


def _stage_excerpts(wanted: Collection[Import], answers: Collection[Import], ours: Path) -> None:
    """Stage excerpts of the lessons, the data whole, and stand-ins for checks and figures."""
    shutil.copytree(PACKAGE / "data", ours / "data", ignore=shutil.ignore_patterns("__pycache__"))
    (ours / "checks").mkdir()
    for name in WHOLE:
        shutil.copyfile(PACKAGE / name, ours / name)
    for stand_in, name in STAND_INS.items():
        shutil.copyfile(INSIDE / stand_in, ours / name)
    needed = {each for path in ours.rglob("*.py") for each in imports(ast.parse(path.read_text("utf-8")))}
    places = {_module(path): path.relative_to(PACKAGE) for path in (*PACKAGE.glob("*.py"), *PACKAGE.glob("network/*.py"))}
    places = {name: path for name, path in places.items() if str(path) not in (*WHOLE, *STAND_INS, *NOT_IN_IT)}
    lessons = {name: (PACKAGE / path).read_text("utf-8") for name, path in places.items()}
    (ours / "network").mkdir()
    for name, source in excerpts(lessons, {*wanted, *needed}, answers).items():
        (ours / places[name]).write_text(source, "utf-8")


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
