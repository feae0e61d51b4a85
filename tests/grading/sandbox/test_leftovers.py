"""Temporary folders of a killed run are removed by the next, and no others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from nnlab.grading.sandbox.leftovers import prefix, sweep


def test_sweep(tmp_path: Path) -> None:
    """What a dead process left goes; what a live one has, what others made, files and links stay."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    gone = tmp_path / f"nnlab-kit-{process.pid}-abc"
    kept = [tmp_path / f"{prefix('kernel')}xyz", tmp_path / "nnlab-kit-abc", tmp_path / f"other-{process.pid}-abc"]
    for folder in (gone, *kept):
        (folder / "inside").mkdir(parents=True)
    (tmp_path / f"nnlab-kit-{process.pid}-file").write_text("x")
    (tmp_path / f"nnlab-kit-{process.pid}-link").symlink_to(kept[0])
    assert sweep(tmp_path) == [gone]
    assert not gone.exists()
    assert all((folder / "inside").is_dir() for folder in kept)


def test_prefix() -> None:
    """A folder's name says which process made it."""
    assert prefix("kit") == f"nnlab-kit-{os.getpid()}-"
