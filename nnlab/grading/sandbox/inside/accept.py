"""What `nnlab.grading` is in a kernel of `nnlab kernel`: there the notebook's file is not seen, and nothing is said about it."""

from __future__ import annotations


def accepted() -> None:
    """Do nothing."""
