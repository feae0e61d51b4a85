"""Every worked number and every erratum of the lectures that belongs to chapter 10 stands in the executed notebook."""

from __future__ import annotations

from functools import cache
from math import ceil, log2

import numpy as np
import pytest
from support import ROOT

from nnlab.model_selection import all_settings, halve_curves
from nnlab.workbook.build import load
from nnlab.workbook.course import Course


@cache
def outputs() -> str:
    """Return all that the solution prints."""
    cells = load(Course(ROOT).chapter("10").solution).cells
    return "\n".join("".join(output.get("text", "") for output in cell.outputs) for cell in cells if cell.cell_type == "code")


LINES = {
    "S3: 0.95 and 0.96125 are nine of 800 apart": "769 / 800 = 0.96125, 760 / 800 = 0.95",
    "S3: inside one standard error": "standard error of 0.95 on 160 samples: 0.0172",
    "S3: a third of the fits cannot start": "2520 settings, 63000 fits, 21000 cannot start",
    "S3: settings that differ": "1120 settings differ; 630 are a stack of linear layers",
    "halving by hand, first round": "1 epochs: 1 3 0 2",
    "halving by hand, second round": "2 epochs: 1 3",
    "halving by hand, the late starter": "the best at the end: 2",
    "Hyperband, R = 81": "R = 81, η = 3: (81, 1, 5) (34, 3, 4) (15, 9, 3) (8, 27, 2) (5, 81, 1)",
    "Hyperband, its price": "R = 81: 1902 epochs in all",
    "Gaussian process, mean": "mean: 0.01062 0.58980 0.20370 0.00000",
    "Gaussian process, sd": "sd:   0.09922 0.18745 0.54793 1.00000",
    "expected improvement": "EI:   0.083315 0.199471 0.797885 1.000000",
    "REINFORCE": "worse than usual: 0.799145 0.146837 -0.945982",
    "MAPE of labels: the useless model wins": "labels (0, 1, 2): A above 1e12: True, B better: True",
    "MAPE of labels: with other names it loses": "labels (1, 2, 3): A above 1e12: False, B better: False",
    "stratified": "class 2 in each fold: 4 4 4 4 4",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_line_is_printed(line: str) -> None:
    """It stands in the executed notebook, as a line of its own."""
    assert line in outputs().splitlines()


@pytest.mark.parametrize("n", [2, 4, 8, 16])
def test_the_reports_halvings_leave_two(n: int) -> None:
    """S3 halves ⌈log₂N⌉ - 1 times: two are left where N is a power of two."""
    left = n
    for _ in range(ceil(log2(n)) - 1):
        left //= 2
    assert left == 2


def test_grid_of_the_report() -> None:
    """10 · 4 · 3 · 7 · 3 settings."""
    assert len(all_settings([range(n) for n in (10, 4, 3, 7, 3)])) == 2520


def test_coins_are_guessed_only_with_a_leak() -> None:
    """Features chosen before the split make 0.9 of coin flips, inside each fold about a half."""
    line = next(line for line in outputs().splitlines() if line.startswith("features chosen"))
    before, inside = float(line.split()[5]), float(line.split("inside each fold ")[1].split()[0])
    assert before > 0.85
    assert 0.35 < inside < 0.65


def test_ranks_early_foretell_ranks_late() -> None:
    """The correlation with the final order rises from epoch to epoch."""
    found = [float(line.split(": ")[1]) for line in outputs().splitlines() if line.startswith("after ") and "epochs: 0." in line]
    assert len(found) == 5
    assert found == sorted(found)


def test_halving_ends_with_its_last_choice() -> None:
    """No round is played by one alone."""
    assert [len(alive) for _, alive in halve_curves(np.arange(16.0 * 32).reshape(16, 32), 1, 2)] == [16, 8, 4, 2]
