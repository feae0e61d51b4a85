"""Each chapter can be taught: its lecture notebook, plan and catch-up notebooks come from its source alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from support import CHAPTERS, ROOT

from nnlab.cli import main
from nnlab.workbook.build import check, load
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.lecture.mistakes import judged, message
from nnlab.workbook.lecture.notebook import catch_up, exercises, filled, lecture
from nnlab.workbook.lecture.outline import LENGTHS, outline, taught
from nnlab.workbook.lecture.plan import plan
from nnlab.workbook.lecture.steps import plain
from nnlab.workbook.source import NOTE, role


@pytest.fixture(params=CHAPTERS)
def chapter(request: pytest.FixtureRequest) -> ChapterFiles:
    """Return each chapter in turn."""
    return Course(ROOT).chapter(request.param)


@pytest.fixture
def copied(tmp_path: Path) -> ChapterFiles:
    """Return chapter 03 in a course of its own that a test may change."""
    for folder in ("solutions", "chapters", "tests/hidden", "tests/mutants"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return Course(tmp_path).chapter("03")


def test_filled_to_the_end_it_is_the_solution(chapter: ChapterFiles) -> None:
    """With every step typed, each exercise is the solution and passes its check."""
    solution = exercises(load(chapter.solution))
    for name, cell in exercises(filled(lecture(chapter, 90))).items():
        assert cell.source == plain(solution[name].source)
        assert judged(chapter, name, cell.source).passed, name


@pytest.mark.parametrize("minutes", LENGTHS)
def test_a_lecture_is_a_notebook_and_says_its_plan(chapter: ChapterFiles, minutes: int) -> None:
    """It is valid, the same each time, fits its minutes, and no exercise is solved but those there is no time for."""
    notebook = lecture(chapter, minutes)
    nbformat.validate(notebook)
    assert notebook.cells == [{**again, "id": cell.id} for cell, again in zip(notebook.cells, lecture(chapter, minutes).cells, strict=True)]
    assert round(sum(section.minutes for section in notebook.metadata.nnlab.lecture.sections), 1) <= minutes  # tenths, each of them
    for name, cell in exercises(notebook).items():
        live = cell.metadata.nnlab.live
        assert live.get("skipped") or (cell.source == live.start and live.steps), name
        assert "raise NotImplementedError" in live.stub, name  # what the class is handed out where nothing was typed
        assert minutes < max(LENGTHS) or bool(live.get("skipped")) is not bool(chapter.declared[name].points)


def test_there_is_a_planned_mistake_and_a_vote(chapter: ChapterFiles) -> None:
    """Each chapter has a mistake whose message is known, and a question with options."""
    cells = [cell for section in outline(chapter) for cell in section.cells]
    assert any(step.wrong for cell in cells if cell.typed for step in cell.typed.steps)
    assert any(len(cell.notes.options) > 1 for cell in cells)


def test_the_plan(chapter: ChapterFiles) -> None:
    """It names every section with its minutes, what is cut, the questions, the steps and what the class will see."""
    text = plan(chapter, 45)
    sections = outline(chapter)
    assert all(f"| {section.title} |" in text or f"– {section.title} |" in text for section in sections)
    home = [section for section in sections if section.home]
    assert text.count("| cut |") == len(sections) - len(taught(sections, 45)) - len(home)
    assert text.count("| home | home |") == len(home)
    assert "- Ask: " in text
    assert "Planned mistake. The class will see: " in plan(chapter, 90)


def test_students_get_none_of_it(chapter: ChapterFiles) -> None:
    """No note, option, cut, step or mistake is in the students' notebook, nor a note in the solution."""
    student, solution = (load(path) for path in (chapter.student, chapter.solution))
    text = "\n".join(cell.source for cell in student.cells)
    assert "# step:" not in text
    assert "# wrong:" not in text
    assert not NOTE.search(text + "\n".join(cell.source for cell in solution.cells))


def test_catch_up(course: Course) -> None:
    """Exercises before the section are filled in, those after it are stubs, and the rest is the students' notebook."""
    chapter = course.chapter("03")
    student, caught = load(chapter.student), catch_up(chapter, 5)
    done = {name: "NotImplementedError" not in cell.source for name, cell in exercises(caught).items()}
    assert done == {
        "neuron": True,
        "dense_shape": True,
        "fc_layer": True,
        "softmax": True,
        **dict.fromkeys(("init_params", "forward", "run_feedback", "graph_layer"), False),
    }
    others = [(cell.id, cell.source) for cell in student.cells if not done.get(role(cell)[1])]
    assert [(cell.id, cell.source) for cell in caught.cells if not done.get(role(cell)[1])] == others


def test_an_unknown_section(course: Course) -> None:
    """Is refused with the ones there are."""
    with pytest.raises(CourseError, match=r"has no section 50. Its sections are 1, 2, 3"):
        catch_up(course.chapter("03"), 50)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("    # wrong: return e / np.sum(e)\n", "    # wrong: return e / e.sum(axis=0)\n", "passes its check, and no wrong answer"),
        ("    # wrong: return e / np.sum(e)\n", "    # wrong: return e / 7\n", "and no wrong answer in tests/mutants earns that"),
        ("# <!-- cut -->\n", "", "the plan for 45 minutes takes"),
        (
            "    # step: Sum the weighted inputs. np.dot is the sum of the products.\n    weighted",
            "    weighted",
            "'neuron' has no `# step:`",
        ),
    ],
)
def test_what_cannot_be_taught_is_named(copied: ChapterFiles, old: str, new: str, problem: str) -> None:
    """By `nnlab build --check`: a mistake that no mutant knows, a plan longer than its minutes, an exercise without steps."""
    text = copied.source.read_text("utf-8")
    text = text.replace("    # step: Add the bias, then apply f once.\n", "") if "no `# step" in problem else text
    assert old in text
    copied.source.write_text(text.replace(old, new), "utf-8")
    solution = load(copied.solution)
    for cell in solution.cells:
        cell.source = next((mine.source for mine in _read(copied).cells if mine.id == cell.id), cell.source)
    nbformat.write(solution, copied.solution)
    assert problem in "\n".join(check(copied))


def _read(chapter: ChapterFiles) -> nbformat.NotebookNode:
    from nnlab.workbook.source import read

    return read(chapter)


def test_the_message_of_a_mistake(course: Course) -> None:
    """Is what the class will see."""
    chapter = course.chapter("03")
    wrong = next(step for cell in _cells(chapter, "softmax") for step in cell.typed.steps if step.wrong)  # type: ignore[union-attr]
    assert "values are wrong" in message(chapter, "softmax", wrong.text)


def _cells(chapter: ChapterFiles, exercise: str) -> list:  # type: ignore[type-arg]
    return [cell for section in outline(chapter) for cell in section.cells if cell.exercise == exercise]


class TestCommand:
    """`nnlab lecture` writes notebook and plan, catch-up notebooks, and rehearses."""

    def test_write(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Both files, and where they are."""
        assert main(["lecture", "03", "--course", str(ROOT), "--to", str(tmp_path)]) == 0
        assert {path.name for path in tmp_path.iterdir()} == {"03_forward_propagation.lecture.ipynb", "03_forward_propagation.plan.md"}
        assert str(tmp_path) in capsys.readouterr().out

    def test_a_chapter_that_cannot_be_typed(self, copied: ChapterFiles, capsys: pytest.CaptureFixture[str]) -> None:
        """Each exercise without steps, and each step that leaves no code, is a sentence, and the status is 2."""
        text = copied.source.read_text("utf-8").replace("    # step: Sum the weighted inputs. np.dot is the sum of the products.\n", "")
        copied.source.write_text(
            text.replace("    # step: Add the bias, then apply f once.\n", "").replace(
                "    return e / np.sum(e, axis=0)", "    for _ in e:"
            ),
            "utf-8",
        )
        assert main(["lecture", "03", "--course", str(copied.root), "--to", str(copied.root / "out")]) == 2
        told = capsys.readouterr().err
        assert "'neuron' has no `# step:` to say and type" in told
        assert "of exercise 'softmax' does not end in code that runs" in told

    def test_refusals(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """An unknown section or chapter is a sentence and status 2."""
        assert main(["lecture", "03", "--course", str(ROOT), "--to", str(tmp_path), "--catch-up", "0"]) == 2
        assert main(["lecture", "99", "--course", str(ROOT), "--to", str(tmp_path)]) == 2
        assert "has no section 0" in capsys.readouterr().err

    def test_rehearse(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Sections with minutes, what is said, what the class sees, and the planned mistake."""
        assert main(["lecture", "03", "--course", str(ROOT), "--minutes", "45", "--rehearse"]) == 0
        out = capsys.readouterr().out
        assert "6. The whole network (" in out
        assert "  say: Divide by the sum of each column." in out
        assert "  planned mistake, the class sees: ✗ softmax:" in out
        assert "  seen: ✓ softmax:" in out
