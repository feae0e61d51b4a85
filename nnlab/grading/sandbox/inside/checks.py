"""What `nnlab.checks` is while grading: the visible checks are silent, because nothing that runs beside the student's code can judge it."""

from __future__ import annotations

from typing import Any

from nnlab.checks._checkpoint import checkpoint

__all__ = ["check", "checkpoint", "hint", "own_code", "predict", "progress", "recall"]


def check(answer: Any) -> None:
    """Say nothing, and let the answer be the one that is graded."""
    from nnlab_inside import agent  # type: ignore[import-not-found]  # its name in the kit; the grader's own side has none

    agent.keep(answer)


def hint(answer: Any, more: bool = False) -> None:
    """Do nothing."""


def progress(all: bool = False) -> None:
    """Do nothing."""


def predict(question: str, entered: object = None) -> None:
    """Do nothing."""


def recall(*names: str) -> None:
    """Do nothing."""


def own_code() -> None:
    """Do nothing."""
