"""What nnlab says, in the reader's language."""

from __future__ import annotations

import ast
import json
import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from support import ROOT

from nnlab import _require, languages, plots
from nnlab.checks import chapters, find
from nnlab.checks._display import report_card
from nnlab.checks._judging.engine import examine
from nnlab.cli import _written, main, parser
from nnlab.grading.adjusting.apply import adjusted
from nnlab.grading.adjusting.model import BONUS, POINTS, Adjustment
from nnlab.grading.intake.policy import words
from nnlab.grading.pages.feedback import feedback_page
from nnlab.grading.results import GRADERS_FAULT, MISSING, Item, Mark
from nnlab.languages import drawn, language, say, speak, speaking
from nnlab.workbook.course import Course
from nnlab.workbook.translation import sentences


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


def test_one_english_has_one_chinese() -> None:
    """Sentences of all files are looked up together: the line of a program was called that of a drawing. Figures have theirs apart."""
    said: dict[str, set[str]] = {}
    for path in sorted((ROOT / "nnlab/languages/zh").glob("*.json")):
        for english, each in json.loads(path.read_text("utf-8")).items() if path.stem != "figures" else ():
            said.setdefault(english, set()).add(each)
    assert not {english: each for english, each in said.items() if len(each) > 1}
    with speaking("zh"):
        assert (say("line"), say("none"), say("points")) == ("行", "一个也没有", "分")


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


def test_errors_of_the_lessons_are_chinese() -> None:
    """A check passes them on: a student reads them."""
    speak("zh")
    with pytest.raises(ValueError, match=r"^W 应该是矩阵，delta 的每一行各对应一行，共 3 行，得到的形状是 \(4, 2\)。"):
        _require.one_for_each("W", np.zeros((4, 2)), 0, "row of delta", 3)


@pytest.mark.parametrize(
    ("mark", "said", "never"),
    [
        (Mark("mei", "03", "", error=MISSING), "没有提交任何东西", "Nothing was handed in"),
        (Mark("mei", "03", "", error=f"KeyError (KeyError). {GRADERS_FAULT}"), "这是批改程序的错", "the grader's fault"),
    ],
)
def test_why_there_is_no_mark_is_chinese(mark: Mark, said: str, never: str) -> None:
    """It stands in the gradebook in English, for it is asked for there; a page says it in the reader's language."""
    speak("zh")
    page = feedback_page(mark, "03 Forward propagation")
    assert said in page
    assert never not in page


def test_what_people_changed_is_said_in_chinese() -> None:
    """Points by hand and a bonus: what was decided, and not why, for that is a person's own words."""
    speak("zh")
    mark = Mark("mei", "03", "", (Item("softmax", "batch", "It is right.", 3.0, 0.0, "wrong"),))
    decided = [
        Adjustment(POINTS, "03", "mei", "softmax", value=2.0, why="read"),
        Adjustment(BONUS, "03", "mei", value=-1.0, why="late talk", number=1),
    ]
    (found,) = adjusted([mark], decided, {"softmax": 3.0})
    assert found.reasons == ("扣 1 分：late talk",)
    assert "points" not in feedback_page(found, "03").partition("<main>")[2].replace('class="points"', "")
    assert [each.words.split("，")[0] for each in decided] == ["0. mei softmax：分 – → 2 (read)", "1. mei：加分 – → -1 (late talk)"]
    assert words(timedelta(days=1, hours=3)) == "1 天 3 小时"


SENTENCES = {"Refused", "CollectError", "RosterError", "Doubled"}


def bare(node: ast.AST) -> bool:
    """Whether a text stands there that nobody can translate."""
    texts = node.values if isinstance(node, ast.JoinedStr) else [node]
    said = [str(each.value) for each in texts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(" " in each and re.search("[A-Za-z]{2}", each) for each in said)


def test_what_is_said_of_files_can_be_translated() -> None:
    """Students read it on their page: each refusal and note of the intake goes through `say`."""
    found = []
    for path in sorted((ROOT / "nnlab" / "grading" / "intake").glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        told = [each for call in calls if getattr(call.func, "id", "") in SENTENCES for each in call.args]
        told += [each.value for call in calls for each in call.keywords if each.arg in ("note", "problem")]
        found += [f"{path.name}:{each.lineno}" for each in told if bare(each)]
    assert found == []


OTHERS = ("grading", "workbook", "web")  # what instructors and authors run; the intake has its own test
ENGLISH_ONLY = [
    ("__init__.py", "module 'nnlab' has no attribute"),  # Python's own words
    ("languages/__init__.py", "and nnlab speaks"),  # said where no language is chosen
]


def is_words(node: ast.AST, alone: bool) -> bool:
    """Whether what `_require` is handed is words: a text that is no code such as W.T @ delta, or any text where it stands for words alone."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    try:
        ast.parse(node.value, mode="eval")
    except SyntaxError:
        return True
    return alone


def test_what_the_library_refuses_can_be_translated() -> None:
    """Students call it from their notebooks: each exception and warning goes through `say`, and so do the words that `_require` is handed."""
    found = []
    for path in sorted((ROOT / "nnlab").rglob("*.py")):
        place = path.relative_to(ROOT / "nnlab")
        if place.parts[0] in OTHERS:
            continue
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        calls = [(ast.unparse(node.func), node) for node in nodes if isinstance(node, ast.Call)]
        told = [node.exc for node in nodes if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
        told += [call for name, call in calls if name == "warnings.warn"]
        found += [(place.as_posix(), ast.unparse(each)) for call in told for each in call.args if bare(each)]
        for name, call in calls:
            if name.startswith("_require.") and name != "_require.one_for_each":  # which has its words in a table
                alone = name in ("_require.sequence", "_require.arrays")
                found += [(place.as_posix(), ast.unparse(each)) for n, each in enumerate(call.args) if is_words(each, alone and n == 2)]
    assert [(place, text) for place, text in found if not any(place == known and part in text for known, part in ENGLISH_ONLY)] == []


def test_what_is_said_is_counted() -> None:
    """The gate asks for a translation of each sentence that any module says: none is in no room."""
    counted = {text for room in sentences.ROOMS for text in sentences.own(room)}
    for name in chapters():
        counted.update(sentences.of_chapter(Course(ROOT).chapter(name)))
    for path in sorted((ROOT / "nnlab").rglob("*.py")):
        assert [
            each for each in sentences._in_code(path.read_text("utf-8")) if sentences.is_sentence(each) and each not in counted
        ] == [], path


def test_a_folder_of_results_keeps_its_language(tmp_path: Path) -> None:
    """What was graded in Chinese stays Chinese when someone adjusts, exports or grades again without `--language`."""
    (tmp_path / "class.html").write_text('<!doctype html>\n<html lang="zh">')
    for command in (["adjust", str(tmp_path)], ["desk", str(tmp_path)], ["overview", str(tmp_path)], ["grade", "x", "--to", str(tmp_path)]):
        assert _written(parser().parse_args(command)) == "zh"
    for command in (["adjust", str(tmp_path / "other")], ["grade", "x", "--dry-run"], ["doctor"]):
        assert _written(parser().parse_args(command)) == ""
