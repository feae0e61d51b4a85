"""Questions go from a chapter's source to its notebooks, to what `predict` shows, and to the lecture; what is wrong with them is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from support import ROOT

from nnlab.checks._asking.bank import FILES, Question, dump, load
from nnlab.workbook.course import ChapterFiles, Course
from nnlab.workbook.lecture.notebook import catch_up, lecture
from nnlab.workbook.lecture.outline import outline
from nnlab.workbook.lecture.plan import plan
from nnlab.workbook.questions import problems, questions
from nnlab.workbook.source import read, script, strip

GOOD = """
# %% [markdown] question="slope_at_one"
# **Predict.** We stand at $w = 1$. Is the slope positive there?
# <!-- say: Wait. -->
# <!-- option: no :: Right: the error falls. -->
# <!-- option: yes :: You look at w. -->
#
# <details><summary>Answer</summary>
#
# It is $-9$.
#
# </details>

# %%
predict("slope_at_one")

# %% [markdown] recall="size_of_nine"
# How large is it?
# <!-- answer: −9 ± 0.5 -->
#
# <details><summary>Answer</summary>
#
# Nine.
#
# </details>

# %% [markdown] recall="state_of_nine"
# Which state?
# <!-- answer: free | free flow -->
#
# <details><summary>Answer</summary>
#
# Free.
#
# </details>

# %%
recall("size_of_nine", "state_of_nine")
"""

SOLUTION = nbformat.v4.new_notebook()


@pytest.fixture
def copied(tmp_path: Path) -> ChapterFiles:
    """Return chapter 03 in a course of its own that a test may change; and 05 has a question."""
    for folder in ("solutions", "tests/mutants"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", ".*", "*.ipynb", "0[1245679]*"))
    (tmp_path / "chapters").mkdir()
    chapter = Course(tmp_path).chapter("03")
    chapter.questions.parent.mkdir(parents=True)
    (chapter.questions.parent / "05_traffic_classifier.json").write_text(dump({"two_shares": Question("two_shares", "", "How?", "So.")}))
    return chapter


def added(chapter: ChapterFiles, text: str) -> ChapterFiles:
    """Write these cells into a chapter's source, behind its third cell, in place of its own questions."""
    kept = "\n# %%".join(
        part
        for part in chapter.source.read_text().split("\n# %%")
        if 'question="' not in part and "predict(" not in part and "recall" not in part
    )
    chapter.source.write_text(kept + text)
    return chapter


def test_a_question_becomes_data(copied: ChapterFiles) -> None:
    """With its section, and its answer, options, number or words."""
    found = questions(script(added(copied, "\n# %% [markdown]\n# ## 9. Down\n" + GOOD)))
    slope, size, state = found.values()
    assert (slope.id, slope.section, slope.kind) == ("slope_at_one", "9. Down", "choice")
    assert slope.text == "**Predict.** We stand at $w = 1$. Is the slope positive there?"
    assert slope.answer == "It is $-9$."
    assert slope.options == (("no", "Right: the error falls."), ("yes", "You look at w."))
    assert (size.kind, size.number) == ("number", (-9.0, 0.5))
    assert (state.kind, state.words) == ("words", ("free", "free flow"))


def test_notebooks_hold_no_answer(copied: ChapterFiles) -> None:
    """Nor a question that is asked by `recall`, but the one that `predict` stands behind."""
    student = strip(read(added(copied, GOOD)))
    asked, call, recalling = student.cells[-3:]
    assert asked.source == "**Predict.** We stand at $w = 1$. Is the slope positive there?"
    assert asked.metadata.nnlab.question == "slope_at_one"
    assert call.source == 'predict("slope_at_one")'
    assert recalling.source.startswith("recall(")
    assert all("Nine" not in cell.source for cell in student.cells)


def test_a_lecture_shows_options_and_answers(copied: ChapterFiles) -> None:
    """The class votes by hand: in place of the fields stand questions with options, and answers to unfold."""
    chapter = added(copied, GOOD)
    notebook = lecture(chapter, 90)
    nbformat.validate(notebook)
    asked, answer, first, _, second, last = notebook.cells[-6:]
    assert "nnlab-vote" in asked.source
    assert asked.metadata.nnlab.live.options == [["no", "Right: the error falls."], ["yes", "You look at w."]]
    assert answer.source == "<details><summary>Answer</summary>\n\nIt is $-9$.\n\n</details>"
    assert first.source == "**Recall.** How large is it?"
    assert (second.metadata.slideshow.slide_type, last.metadata.slideshow.slide_type) == ("subslide", "fragment")
    text = plan(chapter, 90)
    assert "- Ask: We stand at $w = 1$. Is the slope positive there?\n    - A. no: Right: the error falls." in text
    assert "- Answer: It is $-9$." in text
    assert "- Ask: How large is it?\n    - Answer: Nine." in text
    assert 'predict("slope_at_one")' in [cell.source for cell in catch_up(chapter, 1).cells]
    assert outline(chapter)[-1].cells[-1].seconds > outline(chapter)[-1].cells[-2].seconds == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("# It is $-9$.\n#\n# </details>", "# It is $-9$.", "question 'slope_at_one' has no answer. Its cell needs <details>"),
        (":: Right: the", ":: The", "question 'slope_at_one' has options and none of them is right"),
        (":: You look", ":: They look", "question 'slope_at_one': the meaning of “yes” is read by the student who chose it"),
        (" :: You look at w.", "", "question 'slope_at_one': the option “yes” has no meaning behind “::”"),
        (
            'predict("slope_at_one")',
            'predict("slope_at_two")',
            "the cell `predict(\"slope_at_two\")` asks 'slope_at_two', and no cell has that question",
        ),
        ('predict("slope_at_one")', "", "question 'slope_at_one' is never asked"),
        ('predict("slope_at_one")', "predict(name)", "the cell `predict(name)` asks nothing that can be found"),
        ('predict("slope_at_one")', 'predict("slope_at_one")\nprint(3)', "holds more than the call. Put predict into a cell of its own"),
        ('predict("slope', '3\n\n# %%\npredict("slope', 'the cell `predict("slope_at_one")` does not stand behind its question'),
        ('recall("size_of_nine", ', 'recall("no_such", ', "asks 'no_such', and no cell has that question"),
        ('recall="state_of_nine"', 'recall="size_of_nine"', "question 'size_of_nine' stands in 2 cells"),
        ("slope_at_one", "two_shares", "question 'two_shares' is in 05_traffic_classifier, too"),
        ("slope_at_one", "Slope", "question 'Slope': an id is in snake_case"),
        ("# <!-- say: Wait. -->", "# <!-- answer: 3 -->", "question 'slope_at_one' has options and an answer to be entered"),
    ],
)
def test_what_is_wrong_is_said(copied: ChapterFiles, old: str, new: str, said: str) -> None:
    """In one sentence that names the question or the cell; the file that is out of date is told apart from that."""
    copied.source.write_text(GOOD.replace(old, new) if old else GOOD)
    found = [problem for problem in problems(copied, SOLUTION) if "out of date" not in problem]
    assert (said in "\n".join(found)) if said else found == []


def test_a_changed_question_makes_its_file_stale(copied: ChapterFiles) -> None:
    """And so does a file for a chapter that has no questions any more."""
    copied.source.write_text(GOOD)
    assert "03_forward_propagation.json of nnlab/checks/questions is out of date" in list(problems(copied, SOLUTION))[-1]
    copied.questions.write_text("{}")
    copied.source.write_text("# %%\n3\n")
    assert "is out of date" in list(problems(copied, SOLUTION))[-1]


def test_ids_are_unique_over_the_course() -> None:
    """Over all files that students get."""
    ids = [name for path in sorted(FILES.glob("*.json")) for name in load(path.read_text("utf-8"))]
    assert len(ids) == len(set(ids))
