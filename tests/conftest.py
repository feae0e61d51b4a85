"""Fixtures of all rooms."""

from __future__ import annotations

from typing import Any

import pytest
from support import ROOT

from nnlab.workbook.course import Course


@pytest.fixture
def torch() -> Any:
    """Return PyTorch, which some tests compare with, or skip the test."""
    return pytest.importorskip("torch", reason="PyTorch is optional: pip install -e '.[torch]'")


@pytest.fixture
def course() -> Course:
    """Return the course this repository is."""
    return Course(ROOT)
