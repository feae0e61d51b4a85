"""Run here, the hidden tests ask our own reference functions: each must earn full marks. The grader brings its own fixtures."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
from support import ROOT, LocalBackend

from nnlab.grading.marking.testing import Student, noting, seeded
from nnlab.workbook.course import Course


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """Keep what is asked once."""
    return {}


@pytest.fixture
def student(request: pytest.FixtureRequest, answers: dict[str, Any]) -> Student:
    """Return the reference as if a student had written it; it changes no argument."""
    chapter = Course(ROOT).chapter(request.path.stem.removeprefix("test_"))
    return Student(LocalBackend(chapter, "", ""), chapter.declared, answers)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Return the generator of one test."""
    return seeded("reference", request.node.name)


@pytest.fixture
def shared_rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Return the generator of all tests of one exercise."""
    return seeded("reference", request.node.get_closest_marker("points").args[0])


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """Raise at a test's end what did not agree."""
    with noting():
        return (yield)
