"""A course of one's own, from an empty folder to marks: by the commands that its author types, with the templates as they are written."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnlab import exercises
from nnlab.cli import main
from nnlab.workbook.course import Course, CourseError
from nnlab.workbook.new import new_chapter, new_exercise
from nnlab.workbook.withhold import withhold

RIGHT = "def my_function(X):\n    return np.array([(row * row).mean() for row in X])"
WRONG = "def my_function(X):\n    return (X * X).mean(axis=0)"
AT_HOME = """
import numpy as np
from nnlab.checks import _report, chapters
print(sorted(chapters())[-2:])
for answer in ({right!r}, {wrong!r}):
    names = {{"np": np}}
    exec(answer, names)
    print(_report("my_function", names["my_function"]).message)
"""


@pytest.fixture(autouse=True)
def _nnlabs_own_again() -> Iterator[None]:
    """Forget a course's own chapters behind each test."""
    yield
    exercises.use(exercises.HERE)


def hand_in(course: Path, to: Path, **answers: str) -> None:
    """Write submissions: the student's notebook with an answer in it, or as it came."""
    to.mkdir()
    for name, answer in answers.items():
        notebook = json.loads((course / "chapters" / "11_own_topic.ipynb").read_text("utf-8"))
        for cell in notebook["cells"]:
            if answer and cell["metadata"].get("nnlab", {}).get("exercise") == "my_function":
                cell["source"] = answer
        (to / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def test_a_course_of_two_chapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is made in an empty folder, built, proved, released, graded and exported; at home its checks know right from wrong."""
    monkeypatch.chdir(tmp_path)
    for command in (
        "new chapter 11_own_topic",
        "new exercise 11 my_function",
        "new chapter 12_more",
        "new exercise 12 another",
        "new exercise more a_third",
        "build",
        "build --check",
        "release --to out",
    ):
        assert main(command.split()) == 0, capsys.readouterr()
    hand_in(tmp_path, tmp_path / "handed_in", empty="", right=RIGHT, wrong=WRONG)
    assert main(["grade", "handed_in", "--to", "marks", "--workers", "1", "--sandbox", "none"]) == 0
    with open("marks/marks.csv", encoding="utf-8-sig") as file:
        assert {row["student"]: float(row["total"]) for row in csv.DictReader(file)} == {"empty": 0, "right": 3, "wrong": 0}
    for command in ("export json marks", "export nbgrader marks", "export gradescope marks", "report marks"):
        assert main(command.split()) == 0, capsys.readouterr()
    assert "mean along the columns" in Path("marks/class.html").read_text("utf-8")
    assert "In Chinese" not in Path("out/nnlab-student/README.md").read_text("utf-8")  # there is none
    assert "accepted()" in Path("out/nnlab-student/chapters/12_more.ipynb").read_text("utf-8")  # as that README says
    own = Path("out/nnlab-student/nnlab/exercises")
    assert sorted(path.name for path in own.glob("*.py")) == ["11_own_topic.py", "12_more.py", "__init__.py"]
    assert not [path for path in Path("out").rglob("*") if path.name.startswith("test_") or path.name == "mutants"]

    clean = {name: value for name, value in os.environ.items() if name != exercises.VARIABLE}
    script = AT_HOME.format(right=RIGHT, wrong=WRONG)
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd="out/nnlab-student", env=clean, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert ran[0] == "['11_own_topic', '12_more']"
    assert "passed" in ran[1]
    assert "should have shape" in ran[2]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """Names that are taken, or are none, are refused with a sentence, and no file changes."""
    course = Course(tmp_path)
    new_chapter(course, "11_own_topic")
    new_exercise(course, "11", "my_function")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for name, said in (
        ("11_own_topic", "there is '11_own_topic'"),
        ("11_other", "there is '11_own_topic'"),
        ("03_mine", "there is '03_forward_propagation'"),
        ("12_activations", "there is '02_activations'"),
        ("own_topic", "is no name of a chapter"),
        ("12_../../x", "is no name of a chapter"),
        ("12_class", "is no name of a chapter"),
    ):
        with pytest.raises(CourseError, match=said):
            new_chapter(course, name)
    for chapter, name, said in (
        ("11", "my_function", "is an exercise of 11_own_topic"),
        ("11", "softmax", "is an exercise of 03_forward_propagation"),
        ("11", "each", "is no name of an exercise"),
        ("11", "My-Function", "is no name of an exercise"),
        ("11", "_my_function_summed", "is no name of an exercise"),
        ("12", "other", "there is no chapter '12'"),
    ):
        with pytest.raises(CourseError, match=said):
            new_exercise(course, chapter, name)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CHAPTER = 1", "declares no chapter"),
        ("1 / 0", "cannot be run: ZeroDivisionError"),
        ("def f(:", "cannot be run: SyntaxError"),
        (
            "from nnlab.checks._exercise import Chapter\nCHAPTER = Chapter('12_x', 'x', ())",
            "declares a chapter '12_x'. Its name has to be that of the file: '11_own_topic'",
        ),
    ],
)
def test_a_file_that_declares_no_chapter(tmp_path: Path, text: str, said: str) -> None:
    """It is named, and what is wrong with it."""
    new_chapter(Course(tmp_path), "11_own_topic")
    (tmp_path / "exercises" / "11_own_topic.py").write_text(text)
    with pytest.raises(CourseError, match=said):
        Course(tmp_path).chapter("11").declared  # noqa: B018


def test_settings(tmp_path: Path) -> None:
    """`[tool.nnlab]` says where the course lies; what else it says is refused, and so is what is no TOML."""
    new_chapter(Course(tmp_path / "course"), "11_own_topic")
    project = tmp_path / "pyproject.toml"
    project.write_text('[tool.nnlab]\ncourse = "course"\n')
    (tmp_path / "notes").mkdir()
    assert Course.find(tmp_path / "notes").names == ["11_own_topic"]
    for text, said in (("[tool.nnlab]\nexams = 1", "knows course"), ("[tool.nnlab", "is no TOML")):
        project.write_text(text)
        with pytest.raises(CourseError, match=said):
            Course.find(tmp_path)


def test_wrong_answers_of_the_author_are_tried(tmp_path: Path) -> None:
    """`nnlab build --check` names a mutant that passes, or earns another message, and a variant that fails."""
    from nnlab.grading.running.proof import problems

    course = Course(tmp_path)
    new_chapter(course, "11_own_topic")
    new_exercise(course, "11", "my_function")
    files = course.chapter("11")
    assert list(problems(files)) == []
    with files.mutants.open("a") as file:
        file.write('MUTANTS["my_function"]["right"] = ("def my_function(X):\\n    return (X**2).mean(axis=1)", "should be")\n')
        file.write('MUTANTS["my_function"]["sum"] = ("def my_function(X):\\n    return (X**2).sum(axis=1)", "no such words")\n')
        file.write('VARIANTS["my_function"]["wrong"] = "def my_function(X):\\n    return X.mean(axis=1)"\n')
    said = "\n".join(problems(files))
    for part in (
        "'right' of 'my_function' passes its check",
        "'right' of 'my_function' loses no point",
        "and not “no such words”",
        "'wrong' of 'my_function' is refused by its check",
    ):
        assert part in said


def test_an_answer_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop in a planned mistake, in a wrong answer's function or in its cell is named, and nothing waits for it."""
    from nnlab.workbook.lecture import mistakes

    monkeypatch.setattr(mistakes, "PATIENCE", 0.3)
    course = Course(tmp_path)
    new_chapter(course, "11_own_topic")
    new_exercise(course, "11", "my_function")
    for source in (
        "def my_function(X):\n    while True:\n        pass",
        "while True:\n    try:\n        pass\n    except BaseException:\n        pass",
    ):
        with pytest.raises(CourseError, match=r"an answer of 'my_function' is not done after 0.3 seconds. Does its loop ever end"):
            mistakes.judged(course.chapter("11"), "my_function", source)
    with pytest.raises(CourseError, match="raises SyntaxError when its cell is run"):
        mistakes.judged(course.chapter("11"), "my_function", "def my_function(")


def test_own_chapters_are_withheld(tmp_path: Path) -> None:
    """The answer of a chapter of one's own is not in the bundle, and its checks are values."""
    course = Course(tmp_path)
    new_chapter(course, "11_own_topic")
    new_exercise(course, "11", "my_function")
    course.use()
    package = {"nnlab/exercises/11_own_topic.py": course.chapter("11").own.read_bytes(), "nnlab/checks/other.py": b""}
    found = withhold(course, ["11_own_topic"], package, {"11_own_topic": set()})
    assert found.stay == ()
    assert [*found.files] == ["nnlab/exercises/11_own_topic.py", "nnlab/exercises/11_own_topic.values"]
    text = found.files["nnlab/exercises/11_own_topic.py"].decode()
    assert "mean(axis=1)" not in text
    assert "def my_function" not in text
