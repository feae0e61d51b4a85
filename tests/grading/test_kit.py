"""The kit holds what a notebook needs, and no answer."""

from __future__ import annotations

from pathlib import Path

from nnlab.grading.kit import with_importers


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


def test_importers_are_withheld() -> None:
    """A module that needs a withheld one could not be imported, and may show the answer in other words."""
    assert {"nnlab.activations", "nnlab._in_place", "nnlab.network"} <= with_importers({"nnlab.activations"})
    assert "nnlab.activations" not in with_importers({"nnlab.backpropagation"})


def test_everyone_may_read_it(kit: Path) -> None:
    """An ordinary user can read the kit that root has staged."""
    assert all(path.stat().st_mode & 0o004 for path in (kit, *kit.rglob("*")))
