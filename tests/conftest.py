"""Fixtures of all rooms."""

from __future__ import annotations

import pytest
from support import ROOT

from nnlab.workbook.course import Course


@pytest.fixture
def course() -> Course:
    """Return the course this repository is."""
    return Course(ROOT)
