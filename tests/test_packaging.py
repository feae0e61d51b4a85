"""The package installs what it says, imports cheaply, and its environment files agree."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from support import ROOT

import nnlab

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text("utf-8").splitlines()


def name(requirement: str) -> str:
    """Return the package a requirement names."""
    return re.split(r"[<>=\[]", requirement)[0].lower().replace("_", "-")


def test_environment_is_in_step() -> None:
    """environment.yml asks for what students and instructors need, no more and no less."""
    listed = {each for each in yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"] if isinstance(each, str)}
    wanted = {*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["grading"], f"python{PROJECT['requires-python']}", "pip"}
    assert {each.replace("_", "-") for each in listed} == wanted


def test_constraints_pin_what_was_tested() -> None:
    """Every direct dependency has one exact version, and no line holds an address."""
    pins = [line for line in CONSTRAINTS if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.+]*", line)] == []
    extras = [each for extra in PROJECT["optional-dependencies"].values() for each in extra]
    assert {name(each) for each in (*PROJECT["dependencies"], *extras)} - {"nnlab"} - {name(line) for line in pins} == set()


@pytest.mark.parametrize("module", ["nnlab", "nnlab.forward_propagation", "nnlab.checks"])
def test_imports_are_cheap(module: str) -> None:
    """Nothing heavy is imported before it is used."""
    heavy = ["matplotlib", "sklearn", "scipy", "IPython", "ipywidgets", "rich", "sqlalchemy", "pytest", "nbformat"]
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_lazy_names() -> None:
    """`from nnlab import check` works, and what is not there is an AttributeError."""
    assert {"check", "checkpoint", "hint", "progress"} <= set(dir(nnlab))
    assert callable(nnlab.check)
    with pytest.raises(AttributeError, match="nothing"):
        _ = nnlab.nothing


def test_changelog_has_the_version() -> None:
    """The version that is being made is written about."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert nnlab.__version__.removesuffix(".dev0") in text or "Unreleased" in text
