"""Temporary folders that know which process made them, so that those of a killed run can be told and removed by the next."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

OURS = re.compile(r"nnlab-[a-z]+-(\d+)-\w+")


def prefix(kind: str) -> str:
    """Return how a temporary folder of this process begins: `nnlab-KIND-PID-`."""
    return f"nnlab-{kind}-{os.getpid()}-"


def sweep(place: Path | None = None) -> list[Path]:
    """Remove the folders of processes that are gone, as far as they are ours, and return them.

    Parameters
    ----------
    place : Path
        Where temporary folders lie; by default this system's place for them.
    """
    place = place or Path(tempfile.gettempdir())
    with os.scandir(place) as entries:
        found = [(entry, match) for entry in entries if (match := OURS.fullmatch(entry.name)) and entry.is_dir(follow_symlinks=False)]
        gone = [Path(entry.path) for entry, match in found if not _alive(int(match[1])) and _is_ours(entry)]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return gone


def _is_ours(entry: os.DirEntry[str]) -> bool:
    return not hasattr(os, "getuid") or entry.stat(follow_symlinks=False).st_uid == os.getuid()


def _alive(pid: int) -> bool:
    """Tell whether a process lives; where that cannot be told, it does."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
