"""In Chinese a demo says all that it says in Chinese: not only in the state that stands in the built notebook."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

import pytest

TESTS = sorted(Path(__file__).parent.glob("test_demo_*.py"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_no_english_is_left(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece of each state that a demo's own tests draw is translated."""
    names, left = run_path(str(path)), tmp_path / "left"
    monkeypatch.setenv("NNLAB_LANGUAGE", "zh")
    monkeypatch.setenv("NNLAB_DRAWN", str(left))
    states = names["STATES"]
    for state in states.values() if isinstance(states, dict) else states:
        names["demo"].svg(state)
    assert not left.exists(), left.read_text("utf-8")
