"""The town that made `traffic.csv`: a microscopic car-following simulation, and what probe vehicles see of it.

`python -m nnlab.data.traffic` makes the file anew. With `--check` it verifies the bundled file and its data card.

Roads are independent. Each lane is one line of vehicles that follow the Intelligent Driver Model (`idm`). All lanes of all roads and days
move together: one step is a handful of operations on arrays with one entry a vehicle.

The state of a segment comes from the mean speed of all its vehicles, the features from the GPS fixes of 15 % of them.
Positions are in m, times in s and speeds in m/s inside the simulation; what leaves it is in the units of `COLUMNS`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnlab._files import write_atomically
from nnlab.data.loaders import TRAFFIC_SHA256, sha256
from nnlab.data.roads import KINDS
from nnlab.languages import say

Array = NDArray[np.floating]
Integers = NDArray[np.integer]
Booleans = NDArray[np.bool_]
Table = dict[str, NDArray[Any]]  # one array a column

STEP = 0.5  # s
WARM_UP = 15  # min, until the roads have filled; not recorded
WINDOW = 5  # min, the time one row describes
KMH = 3.6  # km/h in one m/s


# --- the town -------------------------------------------------------------------------------------------------------------------------


SEGMENTS = 5  # of the longest road
CYCLE = 90.0  # s, of a signal
BOTTLENECK = 300.0  # m
SATURATION = 1750 / 3600  # vehicles a second that pass a green signal in one lane
DISCHARGE = 1600 / 3600  # vehicles a second that an expressway lane carries for long
NIGHT = 0.15  # demand before and after the peak, as a share of capacity


@dataclass(frozen=True)
class Town:
    """What is simulated; the default is the town of `traffic.csv`."""

    roads: str = "XAS" * 8  # the kind of each road
    days: int = 7
    minutes: int = 120  # a day: the peak with its rise and fall, warm-up included
    seed: int = 2024

    def __post_init__(self) -> None:
        if not self.roads or set(self.roads) - set(KINDS):
            raise ValueError(
                say("roads has to be a text of {kinds}, one letter a road, but is {roads!r}.", kinds=", ".join(KINDS), roads=self.roads)
            )
        if self.days < 1:
            raise ValueError(say("days has to be 1 or more, but is {days}.", days=self.days))
        if self.minutes < WARM_UP + WINDOW:
            raise ValueError(
                say(
                    "minutes has to be {least} or more, the warm-up and one window, but is {minutes}.",
                    least=WARM_UP + WINDOW,
                    minutes=self.minutes,
                )
            )

    @property
    def windows(self) -> int:
        """Windows a day, those of the warm-up included."""
        return self.minutes // WINDOW


class Roads(NamedTuple):
    """The roads as arrays, first axis: every road of every day. The second axis, where there is one, is the segment and what follows."""

    ends: Array  # m, where the segment ends; inf behind the last
    length: Array  # m, where vehicles leave
    limit: Array  # m/s
    green: Array  # s of a cycle, inf where there is no signal
    offset: Array  # s, where in its cycle a signal starts
    slower: Array  # factor on the desired speed, below 1 in a bottleneck
    farther: Array  # factor on the time gap, above 1 in a bottleneck
    lanes: Integers
    capacity: Array  # vehicles a second and lane
    peak: Array  # largest demand, as a share of capacity
    centre: Array  # s, when demand is largest
    width: Array  # s, standard deviation of demand in time


def build(town: Town, rng: np.random.Generator) -> Roads:
    """Draw the roads, the same every day, and the demand of each road and day."""
    kinds = [KINDS[kind] for kind in town.roads]
    n, each_day = len(kinds), (town.days, 1)
    signals = np.array([kind.signals for kind in kinds])
    ends = np.full((n, SEGMENTS + 1), np.inf)
    for row, kind in zip(ends, kinds, strict=True):
        row[: len(kind.segments)] = np.cumsum(kind.segments)
    length = np.array([sum(kind.segments) for kind in kinds]) + np.where(signals, 0, BOTTLENECK)
    has_signal = signals[:, None] & np.isfinite(ends)
    in_bottleneck = ~signals[:, None] & ~np.isfinite(ends)
    green = np.where(has_signal, CYCLE * rng.uniform(0.38, 0.55, ends.shape), np.inf)
    capacity = np.where(signals, SATURATION * np.minimum(green.min(axis=1) / CYCLE, 1), DISCHARGE)
    street = np.tile(signals, town.days)
    return Roads(
        ends=np.tile(ends, each_day),
        length=np.tile(length, town.days),
        limit=np.tile([kind.speed / KMH for kind in kinds], town.days),
        green=np.tile(green, each_day),
        offset=np.tile(rng.uniform(0, CYCLE, ends.shape), each_day),
        slower=np.tile(np.where(in_bottleneck, rng.uniform(0.5, 0.95, (n, 1)), 1.0), each_day),
        farther=np.tile(np.where(in_bottleneck, rng.uniform(1.0, 1.5, (n, 1)), 1.0), each_day),
        lanes=np.tile([kind.lanes for kind in kinds], town.days),
        capacity=np.tile(capacity, town.days),
        peak=np.where(street, rng.uniform(0.55, 1.3, street.shape), rng.uniform(0.7, 1.2, street.shape)),
        centre=rng.uniform(2700, 4500, street.shape),
        width=rng.uniform(1000, 1900, street.shape),
    )


def demand(roads: Roads, t: float) -> Array:
    """Return how many vehicles a second and lane want to enter each road: a bell-shaped peak on the night's demand."""
    bell = np.exp(-0.5 * ((t - roads.centre) / roads.width) ** 2)
    return roads.capacity * (NIGHT + (roads.peak - NIGHT) * bell)


# --- vehicles -------------------------------------------------------------------------------------------------------------------------


class Cars(NamedTuple):
    """All vehicles on the roads, ordered by lane and, within a lane, from the first to the last."""

    lane: Integers
    place: Integers  # which segment of which road and day: an index into the flat tables of `Roads`
    x: Array  # m from the start of the road to the front bumper
    v: Array  # m/s
    v0: Array  # m/s, desired speed
    T: Array  # s, desired time gap
    a: Array  # m/s², largest acceleration
    length: Array  # m
    whim: Array  # m/s², what the driver adds to the model's acceleration
    probe: Integers  # at which second of three it sends its GPS fix; -1 sends none
    seen: Array  # m/s, speed of the last fix; nan before the first
    cell: Integers  # place and window of the last fix


B = 2.0  # m/s², comfortable deceleration
GAP = 2.0  # m, to a standing leader
LINE_GAP = 1.0  # m, to a stop line
LINE_T = 0.5  # s, time gap to a stop line
FAR = 1e4  # m, a leader out of sight
ACCELERATION = (-7.0, 3.0)  # m/s², what brakes and engine can do
BRAKING = 4.0  # m/s²: who would have to brake harder drives on at red
SHARE = 0.15  # of the vehicles are probes
TRUCKS = 0.06  # of the vehicles
FIX = 3  # s between the GPS fixes of a probe
GPS_ERROR = 0.3  # m/s
STOPPED = 5 / KMH  # m/s: slower is a stop
FEWEST = 3  # probes that make a row
WHIM = (0.25, 4.0)  # m/s² and s: standard deviation and memory of a driver's whim
WAVER = (0.15, 30.0)  # 1 and s: the same of a bottleneck's speed (merging, weaving)


def idm(v: Array, v0: Array, a: Array, T: Array | float, gap: Array, closing: Array, s0: float = GAP) -> Array:
    """Compute the acceleration of the Intelligent Driver Model.

    Parameters
    ----------
    v, v0 : ndarray, shape (vehicles,)
        Speed and desired speed, m/s.
    a : ndarray, shape (vehicles,)
        Largest acceleration, m/s².
    T : ndarray, shape (vehicles,), or float
        Desired time gap, s.
    gap : ndarray, shape (vehicles,)
        Distance from the front bumper to the leader's rear bumper, m.
    closing : ndarray, shape (vehicles,)
        Speed minus the leader's speed, m/s.
    s0 : float
        Gap kept to a standing leader, m.

    Returns
    -------
    ndarray, shape (vehicles,)
        Acceleration, m/s².

    Notes
    -----
    Source: M. Treiber, A. Hennecke, D. Helbing, Congested traffic states in empirical observations and microscopic simulations,
    Physical Review E 62 (2000) 1805, with δ = 4 and s1 = 0. Powers are products: they round alike on every machine.
    """
    wish = s0 + np.maximum(0, v * T + v * closing / (2 * np.sqrt(a * B)))  # s* = s0 + max(0, vT + v Δv / (2 √(ab)))
    return a * (1 - np.square(np.square(v / v0)) - np.square(wish / np.maximum(gap, 0.3)))  # dv/dt = a [1 − (v/v0)⁴ − (s*/s)²]


def gaps(cars: Cars) -> tuple[Array, Array]:
    """Return the distance to the leader (m) and the speed of approach (m/s); the first of a lane has its leader out of sight."""
    gap, closing = np.full(cars.x.shape, FAR), np.zeros(cars.x.shape)
    behind = np.flatnonzero(cars.lane[1:] == cars.lane[:-1]) + 1
    gap[behind] = cars.x[behind - 1] - cars.length[behind - 1] - cars.x[behind]
    closing[behind] = cars.v[behind] - cars.v[behind - 1]
    return gap, closing


def accelerate(cars: Cars, roads: Roads, t: float, waver: Array) -> Array:
    """Compute the acceleration of all vehicles: leader, red signal and the driver's whim."""
    slower, farther = roads.slower.take(cars.place), roads.farther.take(cars.place)
    v0 = cars.v0 * np.where(slower < 1, slower * np.clip(1 + waver[cars.lane], 0.15, 1.2), 1)
    gap, closing = gaps(cars)
    result = idm(cars.v, v0, cars.a, cars.T * farther, gap, closing)
    red = np.flatnonzero(((t + roads.offset) % CYCLE >= roads.green).take(cars.place))
    to_line = roads.ends.take(cars.place[red]) - cars.x[red]
    can_stop = np.square(cars.v[red]) < 2 * BRAKING * to_line  # v² / (2s) < the deceleration that a driver accepts
    red, to_line = red[can_stop], to_line[can_stop]
    v = cars.v[red]
    result[red] = np.minimum(result[red], idm(v, v0[red], cars.a[red], LINE_T, to_line, v, LINE_GAP))  # the line is a standing leader
    return np.clip(result + np.where(cars.v > 1, cars.whim, 0), *ACCELERATION)


def move(cars: Cars, roads: Roads, acceleration: Array) -> None:
    """Drive one step: v' = max(0, v + a Δt), x' = x + (v + v')/2 Δt, and on into the next segment at its end."""
    v = np.maximum(0, cars.v + acceleration * STEP)
    cars.x[:] += (cars.v + v) / 2 * STEP
    cars.v[:] = v
    cars.place[:] += cars.x >= roads.ends.take(cars.place)


def drift(noise: Array, scale: tuple[float, float], rng: np.random.Generator) -> None:
    """Move Ornstein-Uhlenbeck noise on by one step: dw = −w dt/τ + σ √(2 dt/τ) ξ."""
    sigma, tau = scale
    noise += -noise * (STEP / tau) + sigma * (2 * STEP / tau) ** 0.5 * rng.standard_normal(noise.shape)


def leave(cars: Cars, roads: Roads) -> Cars:
    """Take the vehicles away that have reached the end of their road."""
    stay = cars.x < roads.length[cars.place // (SEGMENTS + 1)]
    return cars if stay.all() else Cars._make(column[stay] for column in cars)


def enter(cars: Cars, waiting: Integers, road: Integers, limit: Array, rng: np.random.Generator) -> Cars:
    """Let in the first vehicle that waits at each lane with room; `waiting` counts those that stay outside."""
    at = np.searchsorted(cars.lane, np.arange(len(road)), side="right")  # behind the last vehicle of each lane
    empty = np.bincount(cars.lane, minlength=len(road)) == 0
    tail, pace = np.full(len(road), FAR), limit.copy()
    tail[~empty] = (cars.x - cars.length)[at[~empty] - 1]
    pace[~empty] = np.minimum(cars.v[at[~empty] - 1], limit[~empty])
    lane = np.flatnonzero((waiting > 0) & (tail > 3 + 1.2 * pace))
    waiting[lane] -= 1
    fresh = drivers(lane, road[lane], limit[lane], np.minimum(pace, 0.9 * limit)[lane], rng)
    return Cars._make(np.insert(old, at[lane], new) for old, new in zip(cars, fresh, strict=True))


def drivers(lane: Integers, road: Integers, limit: Array, v: Array, rng: np.random.Generator) -> Cars:
    """Draw vehicles and their drivers, who stand at the start of their lanes with speed v."""
    n = len(lane)
    truck = rng.random(n) < TRUCKS
    speed = np.where(truck, rng.normal(0.88, 0.06, n).clip(0.7, 1.1), rng.normal(1, 0.12, n).clip(0.6, 1.5))
    return Cars(
        lane=lane,
        place=road * (SEGMENTS + 1),
        x=np.zeros(n),
        v=v,
        v0=speed * limit,
        T=rng.normal(1.25, 0.25, n).clip(0.7, 2.2),
        a=np.where(truck, 0.7, rng.uniform(0.9, 1.8, n)),
        length=np.where(truck, 11.0, 5.0),
        whim=np.zeros(n),
        probe=np.where(rng.random(n) < SHARE, rng.integers(FIX, size=n), -1),
        seen=np.full(n, np.nan),
        cell=np.full(n, -1),
    )


# --- what is recorded -----------------------------------------------------------------------------------------------------------------


class Sums(NamedTuple):
    """What is added up for each window and place, all of shape (windows, places)."""

    time: Array  # s, of all vehicles
    distance: Array  # m, of all vehicles
    fixes: Array
    speed: Array  # km/h, over the fixes
    square: Array  # (km/h)², over the fixes
    changes: Array  # pairs of fixes, 3 s apart
    change: Array  # m/s, speed of the second minus speed of the first
    stops: Array
    probes: Array


def record(cars: Cars, second: int, window: int, sums: Sums, rng: np.random.Generator) -> None:
    """Add what is seen in one second: all vehicles, and the GPS fixes of the probes whose turn it is."""
    places = sums.time.shape[1]

    def add(to: Array, where: Integers, what: Array | Booleans | None = None) -> None:
        to[window] += np.bincount(where, what, places)

    add(sums.time, cars.place)
    add(sums.distance, cars.place, cars.v)

    turn = np.flatnonzero(cars.probe == second % FIX)
    place, true, before = cars.place[turn], cars.v[turn], cars.seen[turn]
    cell = window * places + place
    v = np.maximum(0, true + (true > 0.5) * rng.normal(0, GPS_ERROR, len(turn)))  # Doppler speed: a standing vehicle is seen to stand
    arrives = cell != cars.cell[turn]
    add(sums.fixes, place)
    add(sums.speed, place, KMH * v)
    add(sums.square, place, np.square(KMH * v))
    add(sums.changes, place, ~np.isnan(before))
    add(sums.change, place, np.nan_to_num(v - before))
    add(sums.stops, place, (v < STOPPED) & (arrives | ~(before < STOPPED)))  # one stop is one run of slow fixes
    add(sums.probes, place, arrives)
    cars.seen[turn], cars.cell[turn] = v, cell


Watch = Callable[[int, Cars], None]


def simulate(roads: Roads, town: Town, rng: np.random.Generator, watch: Watch = lambda second, cars: None) -> Sums:
    """Drive all roads of all days at once, and record what is seen.

    Parameters
    ----------
    roads : Roads
        What `build` has drawn.
    town : Town
        Says how long to drive.
    rng : numpy.random.Generator
        Source of the random numbers.
    watch : callable
        Called every second with the second and the vehicles, for a progress bar or a test.

    Returns
    -------
    Sums
        The windows of the warm-up included.
    """
    road = np.repeat(np.arange(len(roads.lanes)), roads.lanes)  # of each lane
    limit, waiting, waver = roads.limit[road], np.zeros(len(road), int), np.zeros(len(road))
    cars = drivers(road[:0], road[:0], limit[:0], limit[:0], rng)
    sums = Sums(*np.zeros((len(Sums._fields), town.windows, roads.ends.size)))
    for second in range(60 * WINDOW * town.windows):
        waiting += rng.random(len(road)) < demand(roads, second)[road]
        cars = enter(leave(cars, roads), waiting, road, limit, rng)
        record(cars, second, second // (60 * WINDOW), sums, rng)
        watch(second, cars)
        for t in np.arange(second, second + 1, STEP):
            drift(cars.whim, WHIM, rng)
            drift(waver, WAVER, rng)
            move(cars, roads, accelerate(cars, roads, t, waver))
    return sums


# --- from sums to the table -----------------------------------------------------------------------------------------------------------

COLUMNS = {  # name: how it is written
    "day": "d",
    "road": "s",
    "segment": "d",
    "minute": "d",  # when the window starts
    "aveSpeed": ".2f",  # km/h
    "gridAcc": ".3f",  # m/s²
    "volume": "d",  # probe vehicles
    "speed_std": ".2f",  # km/h
    "stopNum": ".2f",  # stops a probe vehicle
    "state": "d",
}


def generate(town: Town | None = None, watch: Watch = lambda second, cars: None) -> Table:
    """Simulate a town and tabulate it, a row for each segment and window that enough probes have seen.

    Parameters
    ----------
    town : Town
        Default: the town of `traffic.csv`.
    watch : callable
        Called every second with the second and the vehicles.

    Returns
    -------
    dict of ndarray, shape (rows,)
        The columns of `traffic.csv`, and what all vehicles did: `speed` (km/h), `density` (vehicles a km and lane) and
        `flow` (vehicles an hour and lane) by Edie's definitions.
    """
    town = town or Town()
    rng = np.random.default_rng(town.seed)
    roads = build(town, rng)
    sums = simulate(roads, town, rng, watch)
    shape = (town.windows, town.days, len(town.roads), SEGMENTS + 1)
    window, day, road, segment = (index.ravel() for index in np.indices(shape))
    with np.errstate(invalid="ignore", divide="ignore"):
        table = {
            "day": day + 1,
            "road": np.array([f"{kind}{i // len(KINDS) + 1}" for i, kind in enumerate(town.roads)])[road],
            "segment": segment + 1,
            "minute": WINDOW * window,
            **features(Sums(*(each.ravel() for each in sums))),
            **whole_traffic(sums, roads),
        }
    kinds = np.array(list(town.roads))[road]
    table["state"] = state(table["speed"], kinds)
    recorded = np.isfinite(np.broadcast_to(roads.ends.ravel(), sums.time.shape)).ravel()
    keep = recorded & (table["minute"] >= WARM_UP) & (table["volume"] >= FEWEST) & np.isfinite(table["gridAcc"])
    order = np.flatnonzero(keep)
    order = order[np.lexsort([index[order] for index in (window, segment, road, day)])]
    return {name: column[order] for name, column in table.items()}


def features(sums: Sums) -> Table:
    """Compute the five features from what the probes have sent."""
    mean = sums.speed / sums.fixes
    return {
        "aveSpeed": mean,
        "gridAcc": sums.change / FIX / sums.changes,
        "volume": sums.probes.astype(int),
        "speed_std": np.sqrt(np.maximum(0, sums.square / sums.fixes - np.square(mean))),
        "stopNum": sums.stops / sums.probes,
    }


def whole_traffic(sums: Sums, roads: Roads) -> Table:
    """Compute speed, density and flow of all vehicles (Edie: total time and total distance over the area of lane and time)."""
    metres = np.diff(roads.ends, axis=1, prepend=0) * roads.lanes[:, None]  # of lane
    area = (metres * 60 * WINDOW).ravel()  # m s
    return {
        "speed": (KMH * sums.distance / sums.time).ravel(),
        "density": (1000 * sums.time / area).ravel(),
        "flow": (3600 * sums.distance / area).ravel(),
    }


def state(speed: Array, kinds: NDArray[np.str_]) -> Integers:
    """Return the traffic state of segments: 0 free flow, 1 slow, 2 congested.

    Parameters
    ----------
    speed : ndarray, shape (rows,)
        Mean speed of all vehicles, km/h.
    kinds : ndarray of str, shape (rows,)
        Kind of road: a key of `KINDS`.

    Returns
    -------
    ndarray of int, shape (rows,)

    Notes
    -----
    Source: DB11/T 785-2011, table 1. Its five levels are put together to three: the first two are free flow, the last two congested.
    """
    free = np.array([KINDS[kind].free for kind in kinds])
    congested = np.array([KINDS[kind].congested for kind in kinds])
    return (speed <= free).astype(int) + (speed <= congested)


def to_csv(table: Table) -> bytes:
    """Write the columns of `traffic.csv`, rounded to what GPS can tell."""
    columns = [[f"{value:z{how}}" if "f" in how else f"{value:{how}}" for value in table[name]] for name, how in COLUMNS.items()]
    rows = [COLUMNS, *zip(*columns, strict=True)]
    return "".join(",".join(row) + "\n" for row in rows).encode()


# --- the command ----------------------------------------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Make the file anew, or verify it; return the exit status: 0 all is well, 1 it is not."""
    parser = argparse.ArgumentParser(prog="python -m nnlab.data.traffic", description="Make traffic.csv anew, or verify the bundled one.")
    parser.add_argument("--to", type=Path, default=Path("traffic.csv"), metavar="FILE", help="where to write it (default: traffic.csv)")
    parser.add_argument("--check", action="store_true", help="verify the bundled file and that its data card describes it")
    args = parser.parse_args(argv)
    return check() if args.check else make(args.to)


def make(path: Path) -> int:
    """Simulate the town, write the file, and say whether it is the bundled one."""
    town = Town()
    table = generate(town, progress(60 * WINDOW * town.windows))
    data = to_csv(table)
    write_atomically(path, data)
    same = sha256(data) == TRAFFIC_SHA256
    print(f"{path}: {len(table['day'])} rows, SHA-256 {sha256(data)}")
    print("These are the bytes of the bundled file." if same else f"The bundled file has other bytes: SHA-256 {TRAFFIC_SHA256}.")
    return 0 if same else 1


def check() -> int:
    """Verify the bundled file and its data card, and say what is wrong."""
    from nnlab.data.card import problems

    found = problems()
    print("\n".join(found) or "traffic.csv has its checksum, and the data card describes this file.")
    return 1 if found else 0


def progress(seconds: int) -> Watch:
    """Return a progress bar for `simulate`, of this many simulated seconds; it stays out of files and pipes."""

    def show(second: int, cars: Cars) -> None:
        share = (second + 1) / seconds
        end = "\n" if share == 1 else ""
        print(f"\rSimulating [{'#' * int(40 * share):40}] {share:4.0%}, {len(cars.x):6} vehicles", end=end, file=sys.stderr, flush=True)

    return (lambda second, cars: None if (second + 1) % 60 else show(second, cars)) if sys.stderr.isatty() else lambda second, cars: None


if __name__ == "__main__":
    sys.exit(main())
