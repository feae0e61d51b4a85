"""The kinds of road in the simulated town: what is driven on them, and where their states begin."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of road, with the limits of its states in DB11/T 785-2011, table 1."""

    name: str
    lanes: int
    speed: float  # km/h, speed limit
    segments: tuple[float, ...]  # m, lengths
    signals: bool  # one at the end of each segment; without signals a bottleneck follows the last segment
    free: float  # km/h: free flow above
    congested: float  # km/h: congested up to here


KINDS = {
    "X": Kind("expressway", 3, 80, (400, 400, 400, 400, 400), False, 50, 35),
    "A": Kind("arterial", 3, 60, (450, 400, 500), True, 30, 20),
    "S": Kind("secondary street", 2, 50, (350, 400, 350), True, 25, 15),
}
