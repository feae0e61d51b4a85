"""Chapters of a course's own: one module each, with its exercises' references and their `CHAPTER`.

`exercises/11_own_topic.py` in a course's folder is imported as `nnlab.exercises.own_topic`. The students' bundle brings these files along
in this folder. Where a course lies elsewhere, `NNLAB_EXERCISES` names its `exercises/`: so a kernel and a worker know it, too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

FOLDER = "exercises"  # in a course's own folder
VARIABLE = "NNLAB_EXERCISES"
HERE = Path(__file__).parent
CHAPTERS = "[0-9][0-9]_*.py"


def folder() -> Path:
    """Return where the course in use has its own chapters: the folder that was named, else this one."""
    return Path(os.environ.get(VARIABLE) or HERE)


def use(own: Path) -> None:
    """Find chapters in this folder from now on, here and in every process that is started from here; without it, in the package."""
    wanted = own.resolve() if any(own.glob(CHAPTERS)) else HERE
    if wanted == folder():
        return
    forget()
    if wanted == HERE:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = str(wanted)


def forget() -> None:
    """Forget what was imported from there: it is another folder now, or another edition of a file."""
    for name in [each for each in sys.modules if each.startswith(f"{__name__}.")]:
        del sys.modules[name]
        globals().pop(name.rpartition(".")[2], None)  # what `from nnlab.exercises import own_topic` would find


def files(own: Path | None = None) -> dict[str, Path]:
    """Return the files of the chapters in a folder (default: the one in use) by the names of their modules."""
    return {f"{__name__}.{path.stem[3:]}": path for path in sorted((own or folder()).glob(CHAPTERS))}


class _Finder:
    """Finds a chapter without its number: `11_own_topic.py` would be no name for an import."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        found = files().get(name) if name.startswith(f"{__name__}.") else None
        return spec_from_file_location(name, found) if found else None


sys.meta_path.append(_Finder)
