"""The border's inner side: a child process with limits that reads notebooks, and hands on what grading uses of them.

It gets the bytes of a file on standard input and answers with one line of JSON: {"notebook": …} or {"problem": …}. What is in
a notebook beside cells, ids and the chapter is dropped here: it may be large, or deeper than can be handed on.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from nnlab.grading.intake.shown import Shown
from nnlab.grading.intake.text import clean, name

MOST_CELLS = 5_000
LONGEST_CELL = 200_000  # characters
MOST_TEXT = 8_000_000  # characters of all cells
OLD = 2_000_000  # bytes of a notebook in a format before 4: reading it anew costs a lot
SIZE = struct.Struct(">Q")
PROBLEMS = {  # what is said of a file that is not read
    "cells": f"{{file}} has more than {MOST_CELLS:,} cells. Leave those of the chapter and submit again.",
    "long": f"{{file}} holds more than {MOST_TEXT // 1_000_000} million characters. Leave those of the chapter and submit again.",
    "old": f"{{file}} is in an old format, and larger than {OLD // 1_000_000} MB. Save it in JupyterLab, submit again.",
    "memory": "{file} needs more memory to read than is allowed. Clear its outputs and submit again.",
    "none": "{file} is not a Jupyter notebook ({kind}). Save it in JupyterLab, submit again.",
}


class Unreadable(ValueError):
    """A file is no notebook that is read; the message is the name of one of `PROBLEMS`."""


def parse(data: bytes) -> dict[str, Any]:
    """Return what grading uses of a notebook.

    Returns
    -------
    dict
        "chapter" (or ""), "format" and "cells", each with "cell_type", "id", "source", what names it (Colab's id, nbgrader's), and
        what it shows.

    Raises
    ------
    Unreadable
        If it is no notebook, or larger than notebooks are.
    """
    raw = _object(json.loads(data))  # in whichever form of Unicode
    version = raw.get("nbformat")
    if version != 4:
        raw = _converted(raw, len(data))
    cells = raw["cells"]
    if not isinstance(cells, list):
        raise TypeError("a list of cells was expected")
    if len(cells) > MOST_CELLS:
        raise Unreadable("cells")
    shown = Shown()
    kept = [_cell(cell, shown) for cell in cells]
    if sum(len(cell["source"]) for cell in kept) > MOST_TEXT:
        raise Unreadable("long")
    chapter = _entry(raw, "nnlab").get("chapter")
    return {"chapter": name(chapter) if isinstance(chapter, str) else "", "format": str(version)[:10], "cells": kept}


def _converted(raw: dict[str, Any], size: int) -> dict[str, Any]:
    if size > OLD:
        raise Unreadable("old")
    import nbformat

    return dict(nbformat.convert(nbformat.from_dict(raw), 4))


def _cell(raw: Any, shown: Shown) -> dict[str, Any]:
    raw = _object(raw)
    source = raw["source"]
    text = source if isinstance(source, str) else "".join(part for part in source if isinstance(part, str))
    names = {"nbgrader": _entry(raw, "nbgrader").get("grade_id"), "colab": _metadata(raw).get("id")}
    return {
        "cell_type": name(str(raw["cell_type"])),
        "id": _name(raw.get("id")),
        "source": clean(text, LONGEST_CELL),
        **{key: _name(value) for key, value in names.items() if value},
        **({"shown": seen} if (seen := shown.of(raw)) else {}),
    }


def _name(value: Any) -> str:
    return name(value) if isinstance(value, str) else ""


def _entry(raw: dict[str, Any], key: str) -> dict[str, Any]:
    """Return an entry of the metadata, if it is there and an object."""
    found = _metadata(raw).get(key)
    return dict(found) if isinstance(found, dict) else {}


def _metadata(raw: dict[str, Any]) -> dict[str, Any]:
    return _object(raw.get("metadata") or {})


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("an object was expected")
    return value


def answer(data: bytes) -> bytes:
    """Return the line of JSON that answers a file; whatever is wrong with it is a problem."""
    try:
        found: dict[str, Any] = {"notebook": parse(data)}
    except Unreadable as error:
        found = {"problem": str(error)}
    except MemoryError:
        found = {"problem": "memory", "spent": True}
    except (Exception, RecursionError) as error:
        found = {"problem": "none", "kind": type(error).__name__}
    return json.dumps(found).encode()


def limit(memory: int, seconds: int) -> None:
    """Set what reading one more file may use: bytes of memory in all, and CPU seconds from now on."""
    try:
        import resource
    except ImportError:  # Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))


def serve(requests: BinaryIO, answers: BinaryIO, memory: int, seconds: int) -> None:
    """Answer files until there are no more: each comes, and is answered, with its size before it."""
    for data in _frames(requests):
        limit(memory, seconds)
        answered = answer(data)
        answers.write(SIZE.pack(len(answered)) + answered)
        answers.flush()


def _frames(stream: BinaryIO) -> Iterator[bytes]:
    while len(head := stream.read(SIZE.size)) == SIZE.size:
        yield stream.read(SIZE.unpack(head)[0])


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]), int(sys.argv[2]))
