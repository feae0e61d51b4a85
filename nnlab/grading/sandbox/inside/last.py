"""What each function returned last, so that an array that is handed out again and again is found out."""

from __future__ import annotations

from typing import Any

from . import codec

CHANGED = "ChangedEarlierResult"  # what stands in the place of an exception's type, where a later call changed an earlier result


class Last:
    """The last result of each function, and how it was when it was returned."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[Any, codec.Message]] = {}

    def changed_by(self, name: str, value: Any) -> bool:
        """Note a result; tell whether the call that returned it has changed what the call before had returned.

        Parameters
        ----------
        name : str
            The function's name.
        value : object
            What it returned. What cannot be sent is not looked at.
        """
        before = self._of.get(name)
        self._of[name] = value, _as_it_is(value)
        return before is not None and _as_it_is(before[0]) != before[1]


def _as_it_is(value: Any) -> codec.Message:
    try:
        return codec.dumps(value, codec.MAX_VALUES)
    except Exception:  # no data, or a value that is hostile when it is looked at
        return b"", b""
