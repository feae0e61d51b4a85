"""What being late costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nnlab.languages import say

DAY = timedelta(days=1)
UNITS = (("{number} day", "{number} days"), ("{number} hour", "{number} hours"), ("{number} minute", "{number} minutes"))


@dataclass(frozen=True)
class Policy:
    """Until when a chapter is due, and what is taken off afterwards.

    `grace` is in minutes; within it nothing is late. `per_day` is the percentage taken off for each day begun since the deadline,
    `cap` the most that is taken off. `extensions` holds the deadlines of students who have more time, by their names in the gradebook.
    """

    deadline: datetime | None = None
    grace: float = 0.0
    per_day: float = 0.0
    cap: float = 100.0
    extensions: Mapping[str, datetime] = field(default_factory=dict)

    def late(self, student: str, received: datetime | None) -> timedelta:
        """Return how long after the student's own deadline it was received; nothing within the grace, or where no time is known."""
        due = self.extensions.get(student, self.deadline)
        if due is None or received is None or received - due <= timedelta(minutes=self.grace):
            return timedelta()
        return received - due

    def taken(self, late: timedelta) -> float:
        """Return the share of the points that is taken off, from 0 to 1."""
        return min(self.cap, 100.0, self.per_day * -(-late // DAY)) / 100


def words(late: timedelta) -> str:
    """Return a length of time in words: "2 days 3 hours"."""
    minutes = -(-late // timedelta(minutes=1))
    parts = zip((minutes // 1440, minutes // 60 % 24, minutes % 60), UNITS, strict=True)
    said = [say(many if number > 1 else one, number=number) for number, (one, many) in parts if number]
    return " ".join(said[:2])
