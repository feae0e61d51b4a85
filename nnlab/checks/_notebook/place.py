"""Where a check runs: in which IPython, if in any, and in which notebook file, where that can be known."""

from __future__ import annotations

import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from nnlab.languages import say

LARGEST = 8_000_000  # bytes of a notebook that is read while a student waits for a check
PROGRAMS = ("NNLAB_QUIET", "PYTEST_CURRENT_TEST")  # set where a program runs the notebook, such as `nnlab build` or nbval


def shell() -> Any:
    """Return the running IPython, or None. It is not imported for that."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None


def by_program() -> bool:
    """Whether a program runs this notebook and compares what it shows, so that nothing may depend on the day."""
    return any(os.environ.get(name) for name in PROGRAMS)


def notebook() -> Path | None:
    """Return the file of the notebook that this kernel runs for, as Jupyter and VS Code tell it, or None where it is not known."""
    running = shell()
    if running is None or by_program():
        return None
    told = running.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME", "")
    path = Path(str(told))
    return path if path.suffix == ".ipynb" and path.parent.is_dir() else None


def unknown() -> str:
    """Return a sentence for where the notebook's file is not known."""
    return say("This program does not say which file this notebook is. Save it, and run `nnlab accept NOTEBOOK` in a terminal.")


def saved() -> tuple[float, list[dict[str, Any]]]:
    """Return when the notebook was last saved (seconds since 1970), and its cells as they were then; 0 and none where it is not known."""
    path = notebook()
    try:
        found = path.stat() if path else None
        if path is None or found is None or found.st_size > LARGEST:
            return 0.0, []
        return found.st_mtime, _cells(path, found.st_mtime_ns)
    except (OSError, ValueError):
        return 0.0, []


@lru_cache(maxsize=1)
def _cells(path: Path, changed: int) -> list[dict[str, Any]]:
    """Return the cells of a file; `changed` makes it be read again when it was."""
    content = json.loads(path.read_text("utf-8"))
    cells = content.get("cells") if isinstance(content, dict) else None
    return [cell for cell in cells or () if isinstance(cell, dict)]


def source(cell: dict[str, Any]) -> str:
    """Return a cell's text: a file may hold it as lines."""
    text = cell.get("source", "")
    return "".join(map(str, text)) if isinstance(text, list) else str(text)
