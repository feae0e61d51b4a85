"""Imports run one way through the house. They are read from the source, those inside functions too."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support import ROOT

LESSONS = (
    *("activations", "_require", "mp_neuron", "forward_propagation", "backpropagation", "traffic_classifier"),
    *("vanishing_gradients", "overfitting", "optimizers", "regression", "model_selection"),
)
SHARED = {"_files", "_progress", "languages"}  # import nothing of ours, and anybody may use them
MAY = {
    **{lesson: {*LESSONS[:place]} for place, lesson in enumerate(LESSONS)},
    **dict.fromkeys(SHARED, frozenset()),
    "network": {*LESSONS},
    "data": set(),
    "plots": {*LESSONS, "data"},
    "demos": {*LESSONS, "plots", "network", "data"},
    "exercises": set(),
    "checks": {*LESSONS, "network", "data", "exercises"},
    "workbook": {"checks", "grading.sandbox", "exercises"},
    "grading": {"workbook"},
    "grading.results": {"workbook"},  # the name of what is a notebook's and no exercise's
    "grading.sandbox": {"nnlab", "checks", "exercises"},
    "grading.intake": {"grading.results", "grading.sandbox"},
    "grading.pages": {"grading.results", "workbook"},
    "grading.marking": {"grading.results", "grading.sandbox", "checks", "workbook"},
    "grading.adjusting": {"grading.results", "workbook"},
    "grading.gradebook": {"grading.results", "grading.intake", "grading.adjusting"},
    "grading.running": {"nnlab", "grading.results", "grading.sandbox", "grading.intake", "grading.marking", "workbook"},
    "grading.grade": {
        *("grading.results", "grading.sandbox", "grading.intake", "grading.pages", "grading.running"),
        *("grading.gradebook", "grading.adjusting", "workbook"),
    },
    "grading.exports": {
        *("nnlab", "checks", "demos", "workbook", "grading.results", "grading.sandbox", "grading.pages", "grading.marking"),
        *("grading.gradebook", "grading.running", "grading.grade", "grading.adjusting"),
        "grading.intake",  # how systems name files: feedback goes back under the names that came in
    },
    "grading.desk": {
        *(
            "grading.results",
            "grading.intake",
            "grading.pages",
            "grading.gradebook",
            "grading.grade",
            "grading.adjusting",
            "grading.exports",
        ),
        "workbook",
    },
    "grading.accept": {"checks", "workbook", "grading.marking", "grading.intake"},
    "nnlab": {"_mine", "checks", "grading.accept"},
    "_mine": {"checks"},
    "start": set(),
    "web": {"checks", "demos", "workbook"},
    "doctor": {"grading.sandbox"},
}


def sources(package: Path) -> dict[str, tuple[Path, str]]:
    """Return each module's place and source by its dotted name."""
    paths = {path: ".".join(("nnlab", *path.relative_to(package).with_suffix("").parts)) for path in sorted(package.rglob("*.py"))}
    return {name.removesuffix(".__init__"): (path, path.read_text("utf-8")) for path, name in paths.items()}


def room(module: str) -> str:
    """Return the room of a module: the first part of its name behind nnlab, of grading the first two."""
    parts = module.split(".")
    return ".".join(parts[1 : 3 if parts[1:2] == ["grading"] else 2]) or "nnlab"


def imported(module: str, path: Path, source: str, known: Mapping[str, object]) -> Iterator[str]:
    """Yield the modules of ours that a module imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            whole = (f"{base}.{alias.name}" for alias in node.names)
            yield from (each if each in known else base for each in whole if each in known or base in known)


def breaches(package: Path) -> list[str]:
    """Return each import that runs against the house's directions, as `file imports module`."""
    known = sources(package)
    found = [(module, path, each) for module, (path, source) in known.items() for each in imported(module, path, source, known)]
    wrong = [
        (path, each)
        for module, path, each in found
        if room(each) not in {room(module), *SHARED, *MAY.get(room(module), ())} and room(module) not in ("cli", "__main__")
    ]
    return [f"{path.relative_to(package.parent).as_posix()} imports {each}" for path, each in wrong]


def test_imports_run_one_way() -> None:
    """No room imports one above or beside it, and nothing imports the command line."""
    assert breaches(ROOT / "nnlab") == []


@pytest.mark.parametrize(
    ("path", "source", "breach"),
    [
        ("activations.py", "from nnlab import backpropagation", "nnlab/activations.py imports nnlab.backpropagation"),
        ("mp_neuron.py", "def f():\n    import nnlab.network.estimators", "nnlab/mp_neuron.py imports nnlab.network.estimators"),
        (
            "grading/pages/page.py",
            "from nnlab.grading.marking.session import Session",
            "nnlab/grading/pages/page.py imports nnlab.grading.marking.session",
        ),
        (
            "grading/sandbox/walls.py",
            "from ..marking import session",
            "nnlab/grading/sandbox/walls.py imports nnlab.grading.marking.session",
        ),
        ("checks/_engine.py", "from nnlab.cli import main", "nnlab/checks/_engine.py imports nnlab.cli"),
    ],
)
def test_a_breach_is_named(tmp_path: Path, path: str, source: str, breach: str) -> None:
    """With its file and what it imports, whichever way the import is written."""
    targets = ("backpropagation.py", "network/estimators.py", "grading/marking/session.py", "cli.py")
    for each in (*targets, path):
        (tmp_path / "nnlab" / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "nnlab" / each).write_text(source if each == path else "")
    assert breaches(tmp_path / "nnlab") == [breach]
