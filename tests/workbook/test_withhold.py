"""What `nnlab release --withhold` leaves out cannot be read in the bundle, and its checks still know right from wrong."""

from __future__ import annotations

import ast
import inspect
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

from nnlab.checks._judging.engine import examine
from nnlab.checks._values import opened
from nnlab.workbook.build import load
from nnlab.workbook.course import Course, CourseError
from nnlab.workbook.graded import given_imports
from nnlab.workbook.release import _package
from nnlab.workbook.withhold import _row, numbers, withhold

NAMES = ["09_regression", "10_model_selection"]
OPEN = """
import contextlib, inspect, io, sys
import numpy as np
from nnlab import demos, network, plots
from nnlab.checks import _report, chapters
from nnlab.checks._judging.engine import examine

def all_settings(grid):
    settings = [[]]
    for values in grid:
        settings = [[*setting, value] for setting in settings for value in values]
    return settings
print(_report("all_settings", all_settings).outcome)
def all_settings(grid):
    return [list(each) for each in zip(*grid)]
print(_report("all_settings", all_settings).passed)

# Whatever function of the bundle passes the check of a withheld exercise would be its answer.
def passes(exercise, function):
    try:
        same = len(inspect.signature(function).parameters) == len(inspect.signature(exercise.reference).parameters)
        return same and examine(exercise, function).passed
    except Exception:
        return False
found = [f for name, module in list(sys.modules.items()) if name.startswith("nnlab.")
         for f in list(vars(module).values()) if inspect.isfunction(f) and f.__module__ == name]
with contextlib.redirect_stdout(io.StringIO()):
    answers = {f"{e.name}: {f.__module__}.{f.__name__}" for n in NAMES for e in chapters()[n].exercises if e.judge is None
               for f in found if passes(e, f)}
print(sorted(answers))
"""


def test_a_bundle_without_answers(tmp_path: Path) -> None:
    """No body of an answer stands in it, no function in it answers an exercise, and the check passes a right answer and refuses a wrong one."""
    course = Course(ROOT)
    package = {place: data for place, data in _package(ROOT).items() if place.startswith("nnlab/")}
    cells = {name: given_imports(load(course.chapter(name).solution)) for name in course.names}
    found = withhold(course, NAMES, package, cells)
    bundle = {**package, **found.files}
    for place, data in bundle.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(data)
    code = "\n".join(ast.unparse(ast.parse(data)) for place, data in bundle.items() if place.endswith(".py"))
    for exercise in (each for name in NAMES for each in course.chapter(name).declared.exercises if each.name not in found.stay):
        body = [ast.unparse(node) for node in ast.parse(inspect.getsource(exercise.reference)).body[0].body[1:]]  # type: ignore[attr-defined]
        assert "\n    ".join("\n".join(body).splitlines()) not in code, exercise.name
    ran = subprocess.run([sys.executable, "-c", f"NAMES = {NAMES}\n{OPEN}"], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.splitlines()
    assert said[:2] == ["passed", "False"]
    answers = [each for each in ast.literal_eval(said[-1]) if each.split(":")[0] not in found.stay]
    assert answers == []


def test_what_cannot_be_judged(tmp_path: Path) -> None:
    """Where many answers are right and the judge could not stay, no answer that runs is refused, and the check says that it only ran."""
    exercise = Course(ROOT).chapter("10").declared["stratified_folds"]
    (tmp_path / "x.values").write_bytes(pickle.dumps({"chapter": ("10_x", "10", 1, None), "exercises": [_row(exercise)]}))
    closed = opened(str(tmp_path / "x.py"), {"stratified_folds": (None, ())})["stratified_folds"]
    report = examine(closed, lambda y, folds, rng: exercise.reference(y, folds, rng)[::-1])
    assert report.passed
    assert "judged when the chapter opens" in report.details[0][1]


def test_numbers() -> None:
    """A number, several, a range, all from one on; what is none of these is refused with a sentence."""
    names = ["04_a", "05_b", "06_c", "08_d"]
    assert numbers("", names) == []
    assert numbers("05-", names) == ["05_b", "06_c", "08_d"]
    assert numbers("05-06", names) == ["05_b", "06_c"]
    assert numbers("04, 08", names) == ["04_a", "08_d"]
    for text in ("5", "05-6", "all", "09", "06-05", ","):
        with pytest.raises(CourseError, match="--withhold"):
            numbers(text, names)
