"""What Moodle and Canvas write into the names of the files that instructors download.

Moodle, "Download all submissions": `Mei Li_12345_assignsubmission_file/03.ipynb`, with a further `_` after `file` before Moodle 4.1;
without folders `Mei Li_12345_assignsubmission_file_03.ipynb`. 12345 is the participant's number; it is also in the grading worksheet.
Canvas, "Download Submissions": `limei_LATE_4242_991_03-1.ipynb`. 4242 is the user's number and 991 the file's, which grows with time;
where marking is anonymous, `anon_x1Y2z_991_03.ipynb`. A file that was handed in again has -1, -2 … before its ending.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOODLE = re.compile(r"(?P<name>[^/]*?)_(?P<number>\d{1,18})_assignsubmission_[a-z]+(?:_?/|_)(?P<rest>.+)", re.DOTALL)
CANVAS = re.compile(
    r"(?:(?!LATE_|anon_)(?P<name>[^/]+?)_)?(?P<late>LATE_)?(?P<number>\d{1,18}|anon_[^\W_]+)_(?P<file>\d{1,18})_(?P<rest>[^/]+)", re.DOTALL
)
VERSION = re.compile(r"(?P<base>.*?)(?:-(?P<a>\d{1,9})| \((?P<b>\d{1,9})\))?(?:\.\w+)?", re.DOTALL)


@dataclass(frozen=True)
class Origin:
    """Whose a file is: the system ("moodle", "canvas" or ""), its number for the student, and the name it gives the student."""

    system: str
    number: str
    name: str
    file: int = 0
    late: bool = False

    @property
    def student(self) -> str:
        """A name that no other student of the class has."""
        if not self.system:
            return self.name
        return f"{self.name} ({self.number})" if self.name else self.number


UNKNOWN = Origin("", "", "")


def origins(paths: Sequence[str]) -> dict[str, Origin]:
    """Return whose each file is.

    Parameters
    ----------
    paths : sequence of str
        All files of a class: only together do they show that `hw_1_2_mei.ipynb` is not from Canvas, whose file numbers differ.
    """
    canvas = _canvas(paths)
    return {path: canvas.get(path) or _moodle(path) or _plain(path) for path in paths}


def version(path: str) -> tuple[str, int]:
    """Return a file's name without the number that a system or browser put behind it, and that number."""
    found = VERSION.fullmatch(path.rpartition("/")[2])
    assert found is not None
    return found["base"], int(found["a"] or found["b"] or 0)


def _moodle(path: str) -> Origin | None:
    found = MOODLE.fullmatch(path)
    return Origin("moodle", found["number"], found["name"]) if found else None


def _canvas(paths: Sequence[str]) -> dict[str, Origin]:
    """Return the files that Canvas named: all of the class or none, each with a number of its own."""
    top = [path for path in paths if path.lower().endswith((".ipynb", ".zip"))]
    found = {path: match for path in paths if (match := CANVAS.fullmatch(path))}
    if len({match["file"] for match in found.values()}) < len(found) or not set(top) <= set(found):
        return {}
    return {path: Origin("canvas", m["number"], m["name"] or "", int(m["file"]), bool(m["late"])) for path, m in found.items()}


def _plain(path: str) -> Origin:
    """Return whose a file is in a folder that people made: its folder, or its own name, is the student's."""
    first, inner, _ = path.partition("/")
    return Origin("", "", first if inner else first.rpartition(".")[0] or first)
