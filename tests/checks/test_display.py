"""`check`, `hint` and `progress` as a student meets them, outside a notebook and in one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnlab
from nnlab import checks
from nnlab.checks._display import Card, report_card
from nnlab.checks._judging.engine import Report


@pytest.fixture(autouse=True)
def _no_hints_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnlab.checks._notebook.memory._here", {})


def softmax(z: Any) -> Any:
    """Answer wrongly."""
    return np.exp(z)


def dense_shape(W_shape: Any, a_shape: Any) -> Any:
    """Answer rightly."""
    return (W_shape[0], a_shape[1]) if W_shape[1] == a_shape[0] else None


def sigmoid(z: Any) -> Any:
    """Answer rightly, with a warning."""
    return 1 / (1 + np.exp(-z))


def test_check_prints_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Outside a notebook a check prints plain text that starts with a mark and the exercise, says what passing shows, and what NumPy warned of."""
    nnlab.check(softmax)
    nnlab.check(sigmoid)
    nnlab.check(dense_shape)
    out = capsys.readouterr().out
    assert out.startswith("✗ softmax: your result is wrong at index [0, 0].")
    assert "✓ sigmoid: all 4 visible checks passed, but NumPy warned: overflow encountered in exp. Hidden tests ask for such numbers" in out
    assert "case: very large and very small\n  input z: [-1000.,   -40.,    40.,  1000.]" in out
    assert "✓ dense_shape: all 4 visible checks passed. Hidden tests run at grading.\n  shown: right for " in out


def test_check_of_a_lambda(capsys: pytest.CaptureFixture[str]) -> None:
    """An answer without a name of its own goes by its name in the notebook."""
    names = {"np": np, "check": nnlab.check}
    exec("neuron = lambda w, a, b, f: f(w @ a + b)\ncheck(neuron)", names)
    assert capsys.readouterr().out.startswith("✓ neuron")


@pytest.mark.parametrize("answer", [print, 3, None, "soft max", lambda: 0])
def test_check_of_something_else(answer: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no exercise is told so, with the exercises of this chapter, and nothing raises."""
    nnlab.check(answer)
    assert "there is no exercise of this name" in capsys.readouterr().out


def test_check_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A name in place of a function is not attempted, whatever else it is."""
    nnlab.check("softmax")  # type: ignore[arg-type]
    assert "not attempted yet: there is no function of this name" in capsys.readouterr().out


def test_hints_climb_when_the_answer_changes(capsys: pytest.CaptureFixture[str]) -> None:
    """There are three hints; the next one comes after the answer has changed, and the last one says so."""
    names = {"np": np, "hint": nnlab.hint}
    for body, rungs in (("z", 1), ("z", 1), ("z + 1", 2), ("z + 2", 3), ("z + 3", 3)):
        exec(f"def softmax(z):\n    return {body}\nhint(softmax)", names)
        out = capsys.readouterr().out
        assert [f"  {i}. " in out for i in (1, 2, 3)] == [i <= rungs for i in (1, 2, 3)]
    assert "That was the last hint." in out


def test_hint_for_something_else(capsys: pytest.CaptureFixture[str]) -> None:
    """A hint for what is no exercise lists the exercises."""
    nnlab.hint(print)
    assert "there is no exercise of this name" in capsys.readouterr().out


def test_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """Progress examines what the notebook defines now."""
    nnlab.progress()
    out = capsys.readouterr().out
    assert "03 Forward propagation: 1 of 8 exercises pass their visible checks" in out
    assert "✗ softmax: not right yet" in out
    assert "○ forward: not attempted" in out


def test_progress_is_of_one_chapter(capsys: pytest.CaptureFixture[str]) -> None:
    """A notebook that is given another chapter's function shows the progress of its own chapter only."""
    names = {"progress": nnlab.progress, "softmax": sigmoid, "dead_share": sigmoid, "softplus": sigmoid}
    exec("progress()", names)
    out = capsys.readouterr().out
    assert out.startswith("02 Activation functions: 0 of 9 exercises")
    assert "03 Forward" not in out


def test_progress_before_anything(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no exercise is defined yet, progress says what to do."""
    exec("progress()", {"progress": nnlab.progress})
    assert "Run the cells of a chapter from the top first." in capsys.readouterr().out


def test_html_is_escaped_and_says_in_words() -> None:
    """The HTML face escapes what students write and carries the outcome as a mark and in words, not by colour alone."""
    card = report_card(Report("softmax", "value", "<script>alert(1)</script> `x<y`", (("got", "<b>"),), "why <i>?"))
    assert "<script>" not in card.html
    assert "<code>x&lt;y</code>" in card.html
    assert "✗ softmax" in card.html
    assert 'role="status"' in card.html
    assert card._repr_html_() == card.html
    assert repr(card) == card.text


def test_in_a_notebook_it_is_displayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In IPython the card goes through display, so that two checks in a cell both show."""
    shown: list[Any] = []
    monkeypatch.setattr("nnlab.checks._display.shell", lambda: object())
    monkeypatch.setattr("IPython.display.display", shown.append)
    Card("text", "<p>html</p>").show()
    assert [card.text for card in shown] == ["text"]


def test_exercise_ids_are_unique() -> None:
    """An exercise keeps its one id: no two chapters share one."""
    names = [name for chapter in checks.chapters().values() for name in chapter.names]
    assert len(names) == len(set(names))


def test_progress_of_a_later_chapter(capsys: pytest.CaptureFixture[str]) -> None:
    """A function of an earlier chapter that is imported from nnlab is no answer: that chapter is not shown."""
    exec(
        "from nnlab.activations import softmax\ndef delta_hidden(delta, W, z, f_grad):\n    return W.T @ delta * f_grad(z)\nprogress()",
        {"progress": nnlab.progress},
    )
    out = capsys.readouterr().out
    assert "03 Forward propagation" not in out
    assert "04 Backpropagation: 1 of 10 exercises pass" in out
