"""The traffic states and the learning curves: the bundled files, verified, and the split of the states by day.

`nnlab/data/traffic.py` and `nnlab/data/curves.py` made them; `docs/traffic.md` and `docs/curves.md` describe them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from nnlab.data.bunch import Bunch
from nnlab.languages import say

Pair = tuple[NDArray[np.float64], NDArray[np.int64]]  # features (samples, 5) and states (samples,)

TRAFFIC_CSV = Path(__file__).with_name("traffic.csv")
TRAFFIC_SHA256 = "2b628622727f4eb7d9de3b2cb47cf690ec648e843775dee4c26a90022a358492"
FEATURES = ("aveSpeed", "gridAcc", "volume", "speed_std", "stopNum")
STATES = ("free flow", "slow", "congested")
DAYS = {"train": (1, 2, 3, 4), "validation": (5,), "test": (6, 7)}
TYPES = {"day": "i8", "road": "U2", "segment": "i8", "minute": "i8", **dict.fromkeys(FEATURES, "f8"), "state": "i8"}
CURVES_CSV = Path(__file__).with_name("curves.csv")
CURVES_SHA256 = "2d2247d23adb123e5af46b00b3e30ed37fbc68fe31a7866d74a2550e3842c0b5"
EPOCHS = 32  # of each learning curve
DESCR = """\
Traffic states of road segments
-------------------------------

12,780 rows: one segment of a road in one window of five minutes, seen by probe vehicles (15 % of all) that send a GPS fix every 3 s.

Features
    aveSpeed    mean speed of the fixes, km/h
    gridAcc     mean acceleration between fixes that follow each other, m/s²
    volume      probe vehicles seen, at least 3
    speed_std   standard deviation of the speed of the fixes, km/h
    stopNum     stops (runs of fixes below 5 km/h) a probe vehicle

Target
    0 free flow (7,355 rows), 1 slow (2,869), 2 congested (2,556), from the mean speed of ALL vehicles and the limits of
    DB11/T 785-2011: expressway 50 and 35 km/h, arterial 30 and 20, secondary street 25 and 15.

Beside the features
    day         1 to 7
    road        X1 to X8 expressways, A1 to A8 arterials, S1 to S8 secondary streets
    segment     1 to 5 (expressway) or 1 to 3, in driving direction
    minute      start of the window, in minutes of the simulated two hours

The data are simulated, not measured: car following after Treiber, Hennecke and Helbing (2000). Data card: docs/traffic.md.
Rows of one road and day resemble each other. Keep days or roads together when you split; split="day" does.
Licence: BSD-3-Clause, as nnlab.
"""


@overload
def load_traffic(*, split: None = None, return_X_y: Literal[False] = False) -> Bunch: ...
@overload
def load_traffic(*, split: None = None, return_X_y: Literal[True]) -> Pair: ...
@overload
def load_traffic(*, split: Literal["day"], return_X_y: Literal[False] = False) -> tuple[Bunch, Bunch, Bunch]: ...
@overload
def load_traffic(*, split: Literal["day"], return_X_y: Literal[True]) -> tuple[Pair, Pair, Pair]: ...
def load_traffic(*, split: str | None = None, return_X_y: bool = False) -> Any:
    """Load the traffic states: five features of a road segment in five minutes, and one of three states.

    Parameters
    ----------
    split : None or "day"
        "day" gives three sets: days 1 to 4 to train, day 5 to validate, days 6 and 7 to test. Days are drawn independently,
        so that no set knows another's traffic.
    return_X_y : bool
        Give arrays, not a `Bunch`.

    Returns
    -------
    Bunch, or three of them (train, validation, test)
        `data` (samples, 5) in the units of `DESCR`, `target` (samples,) with 0 free flow, 1 slow, 2 congested, `feature_names`,
        `target_names`, `day`, `road`, `segment`, `minute` (samples,), `DESCR`, `filename`.
        With `return_X_y`, the pair (data, target) in its place.

    Raises
    ------
    ValueError
        If split is neither None nor "day", or the file is not the one that was published.

    Notes
    -----
    Source: S0 sections 11.2 and 11.3, the features of "prediction of the traffic state"; its data were not published. These are ours.

    Examples
    --------
    >>> train, validation, test = load_traffic(split="day")
    >>> train.data.shape, validation.data.shape, test.data.shape
    ((7309, 5), (1830, 5), (3641, 5))
    """
    if split not in (None, "day"):
        raise ValueError(
            say('split has to be None or "day", but is {split!r}. To keep roads together, group by the column `road`.', split=split)
        )
    rows = read_traffic()
    parts = [rows] if split is None else [rows[np.isin(rows["day"], days)] for days in DAYS.values()]
    given = [_pair(part) if return_X_y else _bunch(part) for part in parts]
    return given[0] if split is None else tuple(given)


def read_traffic() -> NDArray[Any]:
    """Read the bundled file, verified.

    Returns
    -------
    structured ndarray, shape (rows,)
        With the columns of `TYPES`.

    Raises
    ------
    ValueError
        If the file is not the one that was published.
    """
    lines = verified(TRAFFIC_CSV, TRAFFIC_SHA256).decode().splitlines()
    return np.loadtxt(lines, dtype=list(TYPES.items()), delimiter=",", skiprows=1)


class Curves(NamedTuple):
    """Learning curves of many networks: what each was trained with, how it did after each epoch, and on the test in the end."""

    alpha: NDArray[np.float64]
    width: NDArray[np.int64]
    penalty: NDArray[np.float64]
    validation: NDArray[np.float64]
    test: NDArray[np.float64]


def load_curves() -> Curves:
    """Load the bundled learning curves: 256 networks of one hidden layer on the digits, their hyperparameters drawn at random.

    Returns
    -------
    Curves
        `alpha` (256,) learning rate, `width` (256,) hidden neurons, `penalty` (256,) price on the weights, `validation` (256, 32) accuracy
        on 500 digits after each epoch, `test` (256,) accuracy on 697 others after the last.

    Raises
    ------
    ValueError
        If the file is not the one that was published.

    Notes
    -----
    600 digits to learn from, batches of 20, tanh, plain gradient descent. `python -m nnlab.data.curves` trains them again.

    Examples
    --------
    >>> load_curves().validation.shape
    (256, 32)
    """
    rows = np.loadtxt(verified(CURVES_CSV, CURVES_SHA256, "curves").decode().splitlines(), delimiter=",", skiprows=1)
    return Curves(rows[:, 0], rows[:, 1].astype(int), rows[:, 2], rows[:, 3:-1] / 500, rows[:, -1] / 697)


def verified(path: Path, expected: str, made_by: str = "traffic") -> bytes:
    """Return the bytes of a file, or refuse it if its SHA-256 is not the expected one.

    Parameters
    ----------
    path : Path
    expected : str
        The SHA-256 in hexadecimal.
    made_by : str
        The module of `nnlab.data` that makes the file anew.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        If the file was changed or cut.
    """
    data = path.read_bytes()
    if sha256(data) != expected:
        raise ValueError(
            say(
                "{name} was changed or cut: its SHA-256 is {found}, but {expected} was expected. Install nnlab again, or make "
                "the file anew: {command}",
                name=path.name,
                found=sha256(data),
                expected=expected,
                command=f"python -m nnlab.data.{made_by} --to {path}",
            )
        )
    return data


def sha256(data: bytes) -> str:
    """Return the SHA-256 of data in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _pair(rows: NDArray[Any]) -> Pair:
    return np.stack([rows[name] for name in FEATURES], axis=1), rows["state"].copy()


def _bunch(rows: NDArray[Any]) -> Bunch:
    data, target = _pair(rows)
    beside = {name: rows[name].copy() for name in ("day", "road", "segment", "minute")}
    names = {"feature_names": list(FEATURES), "target_names": list(STATES)}
    return Bunch(data=data, target=target, **beside, **names, DESCR=DESCR, filename=str(TRAFFIC_CSV))
