"""What the sandbox gets of nnlab: the modules a notebook needs, without those that hold the answers being graded."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

import nnlab

PACKAGE = Path(nnlab.__file__).parent
INSIDE = PACKAGE / "grading" / "inside"
INSTRUCTORS = ("cli.py", "doctor.py")
WITHHELD = '''"""Withheld while grading."""

raise ImportError("{module} holds or uses reference answers of the chapter being graded, so it is not here: write the function yourself.")
'''


def build_kit(to: Path, withheld: Collection[str] | None, modules: Collection[str] = ()) -> Path:
    """Stage a folder for the sandbox's PYTHONPATH.

    Parameters
    ----------
    to : Path
        The folder to make.
    withheld : collection of str or None
        Modules, such as "nnlab.activations", in whose place there is one that says why it is not there. Where anything is
        withheld, checks say nothing and demos are left out; None stages all that students have. Modules that import a withheld one
        could not be imported either, and may show the same answers in other words: they are withheld as well.
    modules : collection of str
        What notebooks import: a warm process imports it once for all.

    Returns
    -------
    Path
        `to`, readable by everyone.
    """
    shutil.copytree(INSIDE, to / "nnlab_inside", ignore=shutil.ignore_patterns("__pycache__", "checks.py"))
    if withheld is None:
        shutil.copytree(PACKAGE, to / "nnlab", ignore=shutil.ignore_patterns("__pycache__", "grading", "workbook", *INSTRUCTORS))
    else:
        _stage_without(with_importers(withheld), to / "nnlab")
    (to / "modules.json").write_text(json.dumps(sorted(modules)))
    _stage_fonts(to / "matplotlib")
    for path in (to, *to.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return to


def _stage_without(withheld: Collection[str], ours: Path) -> None:
    """Stage the lessons and the data, checks that say nothing, and a notice for each module withheld."""
    (ours / "checks").mkdir(parents=True)
    for module in PACKAGE.glob("*.py"):
        if f"nnlab.{module.stem}" in withheld:
            (ours / module.name).write_text(WITHHELD.format(module=f"nnlab.{module.stem}"))
        elif module.name not in INSTRUCTORS:
            shutil.copyfile(module, ours / module.name)
    shutil.copyfile(INSIDE / "checks.py", ours / "checks" / "__init__.py")
    shutil.copyfile(PACKAGE / "checks" / "_checkpoint.py", ours / "checks" / "_checkpoint.py")
    shutil.copytree(PACKAGE / "data", ours / "data", ignore=shutil.ignore_patterns("__pycache__"))


def with_importers(modules: Collection[str]) -> set[str]:
    """Return these modules of ours and all that need one of them to be imported."""
    needs = {f"nnlab.{path.stem}": set(_imports(path)) for path in PACKAGE.glob("*.py")}
    found = set(modules)
    while more := {name for name, needed in needs.items() if needed & found} - found:
        found |= more
    return found


def _imports(path: Path) -> Iterator[str]:
    """Yield what a module of ours imports at its top level."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def _stage_fonts(to: Path) -> None:
    """Copy matplotlib's list of fonts: making it anew would cost each kernel a second or more."""
    import matplotlib
    import matplotlib.font_manager

    to.mkdir()
    for cache in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
        shutil.copyfile(cache, to / cache.name)
