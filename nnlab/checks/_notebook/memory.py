"""What outlives a restart of the kernel: hints climbed, exercises passed, questions answered, in a small file beside the notebook.

It may be deleted at any time. Where it cannot be written, everything works until the kernel ends.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from nnlab._files import write_atomically
from nnlab.checks._notebook.place import notebook

NAME = ".nnlab-progress.json"
ABOUT = (
    "Exercises that passed, hints you have seen and what you answered, for the next start of the kernel. "
    "Nobody else reads it. Delete it as you like."
)
LARGEST = 1_000_000  # bytes; ours is far smaller

_here: dict[str, dict[str, Any]] = {}


def recall(kind: str) -> dict[str, Any]:
    """Return what is remembered of a kind ("hints", "passed", "questions"), by exercise or question."""
    return {**_kept(_file()).get(kind, {}), **_here.get(kind, {})}


def remember(kind: str, exercise: str, value: Any) -> None:
    """Remember a value of an exercise, or forget it where the value is None. Nothing is written where nothing changes."""
    if recall(kind).get(exercise) == value:
        return
    _here.setdefault(kind, {})[exercise] = value
    path = _file()
    if path is None:
        return
    kept = _kept(path)  # read again: another notebook of this folder may have written
    kept.setdefault(kind, {})[exercise] = value
    with contextlib.suppress(OSError):  # a folder that cannot be written in is no reason to disturb anyone
        write_atomically(path, json.dumps({"about": ABOUT, **kept}, indent=1) + "\n")


def _file() -> Path | None:
    path = notebook()
    return path.with_name(NAME) if path else None


def _kept(path: Path | None) -> dict[str, dict[str, Any]]:
    """Return what the file holds; whatever else stands in it is as good as nothing."""
    try:
        content = json.loads(path.read_text("utf-8")) if path and path.stat().st_size < LARGEST else {}
    except (OSError, ValueError):
        return {}
    kinds = content.items() if isinstance(content, dict) else ()
    return {kind: values for kind, values in kinds if isinstance(values, dict)}
