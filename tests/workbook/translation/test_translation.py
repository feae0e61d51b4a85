"""The Chinese edition is whole and in step with the English, and the gate names each kind of fault."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from support import CHAPTERS, EVERY, ROOT

from nnlab.grading.marking.cells import said
from nnlab.grading.marking.rebuild import rebuild
from nnlab.workbook.build import load, stale
from nnlab.workbook.course import Course, CourseError
from nnlab.workbook.source import role, strip
from nnlab.workbook.translation import font, gate, sentences
from nnlab.workbook.translation.cells import blocks, digest, english_cells, shown, skeleton
from nnlab.workbook.translation.sentences import translated_code

ENGLISH = "The pre-activation is $z = 1$, see `forward`.\n<!-- cut -->"
CHINESE = "净输入是 $z = 1$，见 `forward`。\n<!-- cut -->"
COURSE = Course(ROOT)
FIGURE = "<img"


@pytest.mark.parametrize("name", EVERY)
def test_a_chapter_is_translated_in_full(name: str) -> None:
    """No cell, sentence, formula, option or note is missing, stale or different, and the notebooks are those of the source."""
    chapter = COURSE.chapter(name).translated("zh")
    assert list(gate.chapter_problems(chapter)) == []
    assert list(stale(chapter)) == []


def test_what_nnlab_says_is_translated_in_full() -> None:
    """Checks, hints, pages, figures, demos and the site: every sentence has its Chinese, with the same names in it."""
    assert list(gate.own_problems(COURSE, "zh")) == []


def test_the_font_has_all_letters() -> None:
    """Figures can write every Chinese character that their translation uses."""
    assert font.lacking("zh") == ""


@pytest.mark.parametrize(
    ("chinese", "problem"),
    [
        (CHINESE, ""),
        (CHINESE.replace("1$", "2$"), "lacks $z=1$"),
        (CHINESE.replace("`forward`", "`前向`"), "lacks `forward`"),
        (CHINESE.replace("\n<!-- cut -->", ""), "lacks <!--cut"),
        (CHINESE + "\n\n**先想。**再做", "is not bold in CommonMark"),
        (CHINESE + "\n\nWhat is the sum of these two numbers?", "is English still"),
        (CHINESE + " $q$", "the English has not"),
    ],
)
def test_the_gate_names_what_is_wrong_with_a_cell(chinese: str, problem: str) -> None:
    """Each kind of fault has its sentence, and a right translation has none."""
    found = list(gate.cell_problems(ENGLISH, chinese))
    assert problem in "\n".join(found) if problem else not found


BUILT = """## One

- **First**, 0.25
- second

1. a

| a | b |
|---|---|
| c | d |

<details><summary>Answer</summary>

It is 3.

</details>
<!-- answer: 3 ± 0.5 -->"""


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ("## One", "## 一", ""),
        ("3 ± 0.5", "3 ± 0.5 | 三", ""),
        ("## ", "### ", "its headings"),
        ("## ", "##", "its headings"),
        ("- second", "-second", "its list items"),
        ("1. a", "1。a", "its list items"),
        ("|---|---|\n", "", "its tables"),
        ("| c | d |", "| c d |", "its tables"),
        ("</summary>\n\n", "</summary>\n", "its blank lines"),
        ("**First**", "**First", "its signs of bold"),
        ("0.25", "0.26", "its numbers"),
        ("3 ± 0.5", "4 ± 0.5", "its answers"),
    ],
)
def test_a_cell_is_built_as_the_english(was: str, now: str, problem: str) -> None:
    """Markdown that would not render, or says other numbers, is named."""
    assert was in BUILT
    found = list(gate.cell_problems(BUILT, BUILT.replace(was, now)))
    assert any(each.startswith(problem) for each in found) if problem else not found


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("负 :: 对：误差向右减小。", "正 :: 你看的是 w。"), ""),
        (("负 :: 误差向右减小。", "正 :: 对：你看的是 w。"), "another option is right"),
        (("负 :: 对：误差向右减小。",), "1 options in place of 2"),
    ],
)
def test_options_are_those_of_the_english(options: tuple[str, ...], problem: str) -> None:
    """As many options, in the order of the English, and the same one is right."""
    english = "Which sign?\n<!-- option: negative :: Right: it falls. -->\n<!-- option: positive :: You look at w. -->"
    found = list(gate.cell_problems(english, "\n".join(["哪个符号？", *(f"<!-- option: {each} -->" for each in options)])))
    assert problem in "\n".join(found) if problem else not found


def test_a_changed_cell_is_stale_and_one_that_moved_is_not() -> None:
    """Blocks are found by the hash of their English: ids may shift. What changed is marked, and the old text is kept beside it."""
    before = skeleton({"one-1": "First.", "one-2": "Second."}, "").replace(" untranslated", "").replace("First.", "第一。")
    after = skeleton({"one-1": "New.", "one-2": "First.", "one-3": "Second!"}, before)
    assert [(block.id, block.text) for block in blocks(after)] == [("one-1", ""), ("one-2", "第一。"), ("one-3", "")]
    assert "<!-- before:\n第一。\n-->" in after


def test_what_was_translated_is_never_lost() -> None:
    """Run again, also after the English changed again, the old text stays; so does one that was begun before its mark was taken away."""
    first = skeleton({"one-1": "First."}, "").replace(" untranslated -->\nFirst.", " -->\n第一。<!-- cut -->")
    changed = skeleton({"one-1": "Second."}, first)
    again = skeleton({"one-1": "Second."}, changed)
    assert again == changed
    assert "<!-- before:\n第一。<! cut >\n-->" in skeleton({"one-1": "Third."}, again)
    begun = changed.replace("-->\nSecond.", "-->\n第二。")
    assert "<!-- before:\n第二。\n-->" in skeleton({"one-1": "Second."}, begun)
    assert [block.text for block in blocks(begun)] == [""]


def test_the_gate_names_missing_and_orphaned_cells(tmp_path: Path) -> None:
    """A chapter without a catalogue lacks all cells, and a block of no cell is named."""
    chapter = COURSE.chapter("03").translated("zh")
    (tmp_path / "translations" / "zh").mkdir(parents=True)
    text = chapter.catalogue.read_text("utf-8")
    first = next(iter(english_cells(chapter).values()))
    (tmp_path / "translations" / "zh" / chapter.catalogue.name).write_text(text.replace(digest(first), "0" * 12), "utf-8")
    for part in ("solutions", "chapters"):
        (tmp_path / part).symlink_to(ROOT / part)
    found = list(gate.chapter_problems(Course(tmp_path).chapter("03").translated("zh")))
    assert any("cell forward-propagation-1 is stale" in each for each in found)
    assert any("is of no cell of the English any more" in each for each in found)


@pytest.mark.parametrize(
    ("english", "chinese", "problem"),
    [
        ("{where} should be {expected:.3g}.", "{where} 应该是 {expected:.3g}。", ""),
        ("{where} should be {expected:.3g}.", "{where} 应该是 {expected}。", "has not the names"),
        ("`f` is missing", "`g` 漏了", "is not that of the English"),
        ("the bias is missing", "", "is not translated"),
    ],
)
def test_the_gate_looks_at_sentences(tmp_path: Path, english: str, chinese: str, problem: str) -> None:
    """A sentence keeps its names and its code."""
    path = tmp_path / "zh" / "checks.json"
    path.parent.mkdir()
    path.write_text(json.dumps({english: chinese}), "utf-8")
    found = list(gate.sentence_problems(path, [english]))
    assert problem in "\n".join(found) if problem else not found
    assert any("any more" in each for each in gate.sentence_problems(path, []))


@pytest.mark.parametrize("text", ['{"a": "b",}', "\udcff", "[]", '{"a": 1}'])
def test_broken_json_is_told(tmp_path: Path, text: str) -> None:
    """A file that is no JSON, or not texts by texts, is named; figures.json, too. Nothing is written over it."""
    folder = tmp_path / "nnlab" / "languages" / "zh"
    folder.mkdir(parents=True)
    for name in ("checks.json", "figures.json"):
        (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    problems = list(gate.own_problems(Course(tmp_path), "zh"))
    for name in ("checks.json", "figures.json"):
        assert any(each.startswith(f"languages/zh/{name}") and re.search("is no JSON|was expected", each) for each in problems)
    with pytest.raises(CourseError, match=r"checks\.json"):
        gate.write_skeletons(Course(tmp_path), [], "zh")
    assert (folder / "checks.json").read_bytes() == text.encode("utf-8", "surrogateescape")
    assert not (folder / "pages.json").exists()


@pytest.mark.parametrize(
    ("english", "chinese", "sound"),
    [
        ("# of #", "# 分之 #", True),
        ("# of #", "#2 分之 #1", True),
        ("# of #", "#2 分之 #", True),
        ("# of #", "#", False),
        ("# of #", "#1 #1", False),
        ("layer #", "第 #2 层", False),
    ],
)
def test_a_piece_of_a_figure_has_its_numbers(tmp_path: Path, english: str, chinese: str, sound: bool) -> None:
    """Each number once: one twice would hide another, and one too many would stop the drawing."""
    folder = tmp_path / "nnlab" / "languages" / "zh"
    folder.mkdir(parents=True)
    (folder / "figures.json").write_text(json.dumps({english: chinese}), "utf-8")
    assert any("numbers (#)" in each for each in gate.own_problems(Course(tmp_path), "zh")) is not sound


def test_a_piece_that_no_figure_has_is_named(tmp_path: Path) -> None:
    """By a word that stands in no text of the code any more; what is drawn still is not named."""
    folder = tmp_path / "nnlab" / "languages" / "zh"
    folder.mkdir(parents=True)
    (folder / "figures.json").write_text(json.dumps({"layer #": "第 # 层", "the zebra's layer": "斑马层"}), "utf-8")
    unused = [each for each in gate.own_problems(Course(tmp_path), "zh") if "any more: no code" in each]
    assert unused == ["figures.json: nothing draws “the zebra's layer” any more: no code has the word “zebra”."]


def test_a_sentence_whose_english_changed_is_kept_until_all_are_translated() -> None:
    """Its Chinese is at hand for the new one; the gate names it, and once nothing is empty it goes."""
    changed = sentences.skeleton(["It fell.", "It rose."], {"It fell.": "降了。", "It grew.": "升了。", "Never translated.": ""})
    assert json.loads(changed) == {"It fell.": "降了。", "It rose.": "", "It grew.": "升了。"}
    done = sentences.skeleton(["It fell.", "It rose."], json.loads(changed) | {"It rose.": "上升了。"})
    assert json.loads(done) == {"It fell.": "降了。", "It rose.": "上升了。"}


def test_lines_of_chinese_are_joined() -> None:
    """A line break between Chinese signs would show as a space; beside Latin letters it stays."""
    assert shown("一层，\n再一层。\nReLU\n之后") == "一层，再一层。\nReLU\n之后"


def test_code_keeps_its_meaning() -> None:
    """Comments and docstrings are translated, and nothing else: a string that looks like one stays."""
    source = 'def f(x):\n    """Return x.\n\n    Twice.\n    """\n    s = "# add"  # add\n    return x'
    found = translated_code(source, {"Return x.\n\nTwice.": "返回 x。\n\n两次。", "add": "加"})
    assert found == 'def f(x):\n    """返回 x。\n\n    两次。\n    """\n    s = "# add"  # 加\n    return x'


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_grader_takes_both_languages_alike(name: str) -> None:
    """What is graded of a Chinese notebook is what is graded of the English one, answers and all, and not a word of repair."""
    chapter = COURSE.chapter(name)
    english, chinese = load(chapter.solution), load(chapter.translated("zh").solution)
    graded = [rebuild(submitted, english) for submitted in (nbformat.from_dict(english), nbformat.from_dict(chinese))]
    assert graded[1].repairs == ()
    assert [said(cell.source) & said(other.source) != set() for cell, other in zip(*_code(graded), strict=True)].count(False) == 0
    untouched = rebuild(strip(chinese), english)
    assert {name: said(text) for name, text in untouched.answers.items()} == {
        role(cell)[1]: said(cell.source) for cell in strip(english).cells if role(cell)[0] == "exercise"
    }


def _code(graded: list) -> list:
    return [[cell for cell in each.notebook.cells if cell.cell_type == "code" and cell.source.strip()] for each in graded]


@pytest.mark.parametrize("name", EVERY)
def test_figures_tell_themselves_in_chinese(name: str) -> None:
    """No figure of a Chinese notebook has an alt text in English."""
    told = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,}){4,}")
    notebook = load(COURSE.chapter(name).translated("zh").solution)
    texts = [
        str(output.metadata["image/png"]["alt"])
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("metadata", {})
    ]
    assert [text for text in texts if told.search(text)] == []


def test_the_readme_in_chinese_has_the_same_commands() -> None:
    """README.zh.md has the sections, the commands and the links to our own files that README.md has; what is told behind a # is Chinese."""
    both = [(ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md")]
    for pattern in (r"^\$ [^#\n]*", r"^#{1,3} ", r"\]\((?!README)[^)#]+"):
        ours, theirs = (re.findall(pattern, text, re.MULTILINE | re.DOTALL) for text in both)
        assert theirs == ours, pattern
