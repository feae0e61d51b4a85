"""A kit and kernels for the tests that run student code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nnlab.grading.sandbox.kernel import StudentKernel
from nnlab.grading.sandbox.kit import build_kit
from nnlab.grading.sandbox.walls import Limits, why_not

WANTED = {("numpy", ""), ("matplotlib.pyplot", ""), ("nnlab", "plots"), ("nnlab.activations", "tanh")}
_NEEDED = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it works")
SANDBOXES = [pytest.param("bubblewrap", marks=_NEEDED), "none"]
QUICK = Limits(cell=3, call=1)


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a staged kit for chapter 03."""
    return build_kit(tmp_path_factory.mktemp("grading") / "kit", WANTED)


@pytest.fixture(params=SANDBOXES)
def kernel(request: pytest.FixtureRequest, kit: Path) -> Iterator[StudentKernel]:
    """Return a kernel in a sandbox and one without."""
    with StudentKernel(kit, request.param, QUICK) as started:
        yield started


@pytest.fixture
def caged(kit: Path) -> Iterator[StudentKernel]:
    """Return a kernel under bubblewrap."""
    if why_not():
        pytest.skip(why_not())
    with StudentKernel(kit, "bubblewrap", QUICK) as started:
        yield started
