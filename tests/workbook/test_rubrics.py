"""Answers in words: from the source to two notebooks, one with a rubric; and nothing that students get has it."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
from support import CHAPTERS, ROOT

from nnlab.grading.adjusting.worth import points_by_exercise
from nnlab.grading.exports.nbgrader import CONFIG, assignment
from nnlab.web.pages import page
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.lecture.notebook import catch_up, lecture
from nnlab.workbook.lecture.plan import plan
from nnlab.workbook.release import release
from nnlab.workbook.rubrics import problems, written
from nnlab.workbook.source import HERE, read, role, strip
from nnlab.workbook.translation.cells import english_cells

ASKED = (
    '\n# %% [markdown]\n# ### Why?\n# <!-- cut -->\n#\n# Why are shares added?\n\n# %% [markdown] written="{name}"\n{rubric}#\n# Since.\n'
)
TWO = "# <!-- criterion: 1 :: Says why. -->\n# <!-- criterion: 0.5 :: Gives an example. -->\n"


@pytest.fixture
def copied(tmp_path: Path) -> ChapterFiles:
    """Return chapter 03 in a course of its own that a test may change."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "chapters").mkdir()
    name = "03_forward_propagation"
    shutil.copyfile(ROOT / "solutions" / f"{name}.py", tmp_path / "solutions" / f"{name}.py")
    return Course(tmp_path).chapter("03")


def added(chapter: ChapterFiles, name: str = "why_added", rubric: str = TWO, text: str = ASKED) -> ChapterFiles:
    """Write a question at the end of a chapter's source."""
    chapter.source.write_text(chapter.source.read_text() + text.format(name=name, rubric=rubric))
    return chapter


def test_two_notebooks(copied: ChapterFiles) -> None:
    """Students get the question, locked, and an empty cell; the solution has the model answer and the rubric, as text and as data."""
    solution = read(added(copied))
    question, answer = strip(solution).cells[-2:]
    assert (question.id, question.source, question.metadata.editable) == ("question_why_added", "### Why?\n\nWhy are shares added?", False)
    assert question.metadata.nbgrader.locked
    assert (answer.id, answer.source, answer.cell_type) == ("written_why_added", HERE, "markdown")
    assert answer.metadata.nnlab == {"written": "why_added"}
    found = written(solution)["why_added"]
    assert (found.question, found.model, found.points) == ("Why are shares added?", "Since.", 1.5)
    assert [(each.text, each.points) for each in found.criteria] == [("Says why.", 1), ("Gives an example.", 0.5)]
    assert solution.cells[-1].source == "Since.\n\n**Rubric**, 1.5 points\n\n- 1: Says why.\n- 0.5: Gives an example."
    assert "written_why_added" not in english_cells(copied)
    assert english_cells(copied)["question_why_added"].startswith("### Why?\n<!-- cut -->")


def test_nbgrader_marks_it_by_hand(copied: ChapterFiles) -> None:
    """Schema 3: graded and solution in one is marked by a person there, too."""
    known = strip(read(added(copied))).cells[-1].metadata.nbgrader
    assert (known.grade, known.solution, known.locked, known.task, known.points, known.schema_version) == (True, True, False, False, 1.5, 3)


@pytest.mark.parametrize(
    ("name", "rubric", "said"),
    [
        ("why_added", "", "written 'why_added' needs lines such as `<!-- criterion: 1 :: Says why. -->`"),
        ("why_added", "# <!-- criterion: Says why. -->\n", "needs lines such as"),
        ("why_added", "# <!-- criterion: much :: Says why. -->\n", "needs lines such as"),
        ("why_added", "# <!-- criterion: 1 :: -->\n", "needs lines such as"),
        ("sure_and_untrained", TWO, "written 'sure_and_untrained' stands in two cells."),
    ],
)
def test_refused(copied: ChapterFiles, name: str, rubric: str, said: str) -> None:
    """A rubric without criteria, points or words, with a sentence."""
    with pytest.raises(CourseError, match=said):
        read(added(copied, name, rubric))


def test_needs_its_question(copied: ChapterFiles) -> None:
    """Before it has to stand a text cell that is no other question; and it is a text cell itself."""
    with pytest.raises(CourseError, match="needs its question in the text cell before it"):
        read(added(copied, text='\n# %%\n1\n\n# %% [markdown] written="{name}"\n{rubric}#\n# Since.\n'))
    copied.source.write_text('# %% [markdown]\n# Why?\n\n# %% written="why"\n1\n')
    with pytest.raises(CourseError, match="is no text cell"):
        read(copied)


@pytest.mark.parametrize(
    ("name", "rubric", "said"),
    [
        ("Why", TWO, "written 'Why': an id is in snake_case"),
        ("notebook", TWO, "written 'notebook': an id is in snake_case"),
        ("softmax", TWO, "written 'softmax' is an exercise, too."),
        ("why_added", "# <!-- criterion: 0 :: Says why. -->\n", "is worth no points"),
        ("why_added", TWO * 5, "has 10 criteria, and the desk has keys for 9"),
    ],
)
def test_named(copied: ChapterFiles, name: str, rubric: str, said: str) -> None:
    """What the gate names."""
    assert any(said in problem for problem in problems(copied, read(added(copied, name, rubric))))


@pytest.mark.parametrize("name", CHAPTERS)
def test_one_a_chapter(course: Course, name: str) -> None:
    """Each chapter has one, worth 2 points, and the gradebook knows of it."""
    chapter = course.chapter(name)
    (found,) = written(load(chapter.solution)).values()
    assert (found.points, len(found.criteria)) == (2, 2)
    assert points_by_exercise(chapter)[found.name] == 2
    assert found.model
    assert "Rubric" not in found.model


def secret(chapter: ChapterFiles) -> list[str]:
    """Return what no student is to read before handing in: criteria, and the sentences of the model answer."""
    (found,) = written(load(chapter.solution)).values()
    return [*(each.text for each in found.criteria), *found.model.splitlines()]


def test_what_students_get_has_no_rubric(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the bundle, with notebooks and package, nor lectures, catch-up notebooks, plans, the site, or what nbgrader releases."""
    monkeypatch.setattr("nnlab.workbook.release.require_checked", lambda course: None)  # test_release does that, and it takes its time
    with zipfile.ZipFile(release(course, tmp_path, date(2026, 5, 1))) as archive:
        texts = {"bundle": b"\n".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")}
    chapter = course.chapter("04")
    texts["lecture"] = str([lecture(chapter, 90), lecture(chapter, 45), catch_up(chapter, 2), plan(chapter, 90)])
    texts["site"] = str(page(chapter).notebook)
    handed_on = assignment(chapter).cells
    texts["nbgrader"] = str([cell.metadata if role(cell)[0] == "written" else cell for cell in handed_on])
    for chapter in (course.chapter(name) for name in CHAPTERS):
        assert [
            (where, each) for where, text in texts.items() for each in secret(chapter) if each in text or repr(each)[1:-1] in text
        ] == []
    assert f'text_stub = "{HERE}"' in CONFIG
