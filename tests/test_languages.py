"""What nnlab says, in the reader's language."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nnlab import languages, plots
from nnlab.checks import find
from nnlab.checks._display import report_card
from nnlab.checks._judging.engine import examine
from nnlab.cli import main
from nnlab.languages import drawn, language, say, speak


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin in English, and end there."""
    monkeypatch.setenv("NNLAB_LANGUAGE", "en")


def test_a_sentence_without_translation_stays_english() -> None:
    """What nobody translated is said in English, with its names filled in."""
    speak("zh")
    assert say("nobody has translated {this}", this="that") == "nobody has translated that"


def test_an_unknown_language_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence names the languages there are, and the command's status says so."""
    with pytest.raises(ValueError, match="nnlab speaks en and zh"):
        speak("fr")
    monkeypatch.setenv("NNLAB_LANGUAGE", "fr")
    with pytest.raises(ValueError, match="NNLAB_LANGUAGE is 'fr'"):
        language()
    assert language.__doc__


def test_a_check_speaks_chinese() -> None:
    """The verdict, the name of the mistake, its question and the labels are Chinese; names of functions and numbers stay."""
    speak("zh")
    exercise = find("softmax")
    assert exercise is not None
    text = report_card(examine(exercise, lambda z: np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True))).text
    assert "看起来像" in text
    assert "This looks like" not in text
    assert "expected:" not in text
    passed = report_card(examine(exercise, exercise.reference)).text
    assert passed.startswith("✓ softmax")
    assert "passed" not in passed


def test_what_a_tuple_holds_has_its_chinese_name() -> None:
    """Also where one entry alone is wrong: `returns` of an exercise is words."""
    speak("zh")
    exercise = find("dense_shape")
    assert exercise is not None
    report = examine(exercise, lambda *args: (exercise.reference(*args)[0], 0))
    assert report.message.startswith("第二个大小")


def test_numbers_in_figures_are_no_part_of_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """One translation serves all numbers, in another order where it says so, and sentence by sentence."""
    known = {
        "layer # of #": "共 #2 层的第 #1 层",
        "It has # points": "有 # 个点",
        "Panel “#”": "“#”一格",
        "yes at (#, #)": "在 (#, #) 处为是",
    }
    monkeypatch.setattr(languages, "figures", lambda code: known)
    speak("zh")
    assert drawn("layer 2 of 14") == "共 14 层的第 2 层"
    assert drawn("It has −1.5e-3 points. It has 7 points.") == "有 −1.5e-3 个点。有 7 个点。"
    assert drawn("Panel “layer 1 of 2”: yes at (0, 1), (1, 0).") == "“共 2 层的第 1 层”一格：在 (0, 1) 处为是，(1, 0)。"
    assert drawn("$x_1$") == "$x_1$"
    assert drawn("unknown label") == "unknown label"


@pytest.mark.filterwarnings("error")
def test_a_figure_is_written_in_chinese() -> None:
    """Its labels and its alt text are Chinese, and every letter is in a font: no warning."""
    speak("zh")
    fig = plots.network([2, 3, 1])
    plots.picture(fig)
    assert "层" in fig.get_label()
    speak("en")
    assert plots.network([2, 3, 1]).get_label().startswith("Network of 3 layers")


def test_start_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`nnlab start --language zh` writes the Chinese chapters, which make checks speak Chinese."""
    assert main(["start", str(tmp_path / "mine"), "--no-open", "--language", "zh"]) == 0
    assert "你的各章在" in capsys.readouterr().out
    text = (tmp_path / "mine" / "03_forward_propagation.ipynb").read_text("utf-8")
    assert "前向传播" in text
    assert 'speak(\\"zh\\")' in text
