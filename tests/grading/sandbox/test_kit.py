"""The kit holds what a notebook needs, and no answer."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from support import CHAPTERS, ROOT

from nnlab.grading.running.job import kit as kit_of
from nnlab.grading.sandbox.excerpt import by_name
from nnlab.workbook.course import Course


def test_contents(kit: Path) -> None:
    """Reference answers, visible checks, hidden tests and the instructors' rooms are not in the kit."""
    files = {str(path.relative_to(kit)) for path in kit.rglob("*") if path.is_file()}
    assert {
        "nnlab/__init__.py",
        "nnlab/plots.py",
        "nnlab/checks/__init__.py",
        "nnlab/checks/_checkpoint.py",
        "nnlab_inside/agent.py",
    } <= files
    assert not [
        name for name in files if name.startswith(("nnlab/grading", "nnlab/workbook", "nnlab/demos", "nnlab/checks/f", "nnlab/cli"))
    ]
    assert "np.exp(z - z.max" not in "".join(path.read_text() for path in kit.rglob("*.py"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_answer(chapter: str) -> None:
    """No lesson in the kit of a chapter defines what an exercise asks for, and everything in the kit can be imported."""
    files = Course(ROOT).chapter(chapter)
    staged = kit_of(files)
    lessons = [path for path in (staged / "nnlab").glob("*.py") if path.name not in ("__init__.py", "plots.py")]
    there = {name for path in lessons for name in by_name(ast.parse(path.read_text("utf-8")))}
    assert not there & set(files.declared.names)
    code = "; ".join(f"import nnlab.{path.stem}" for path in lessons)
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(staged)}, timeout=60, cwd=staged)


def test_backpropagation_has_what_earlier_chapters_ask_for() -> None:
    """Chapter 04 uses the sigmoid and its slope, softmax and the forward pass; its own lesson is withheld."""
    staged = kit_of(Course(ROOT).chapter("04_backpropagation")) / "nnlab"
    lesson = (staged / "activations.py").read_text("utf-8")
    assert {"sigmoid", "sigmoid_derivative", "softmax"} <= set(by_name(ast.parse(lesson)))
    assert {"forward", "init_params"} <= set(by_name(ast.parse((staged / "forward_propagation.py").read_text("utf-8"))))
    assert set(by_name(ast.parse((staged / "backpropagation.py").read_text("utf-8")))) == {"annotations", "__getattr__"}


def test_everyone_may_read_it(kit: Path) -> None:
    """An ordinary user can read the kit that root has staged."""
    assert all(path.stat().st_mode & 0o004 for path in (kit, *kit.rglob("*")))
