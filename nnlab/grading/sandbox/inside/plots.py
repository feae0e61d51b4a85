"""What takes the place of `nnlab.plots` in the sandbox. Nobody looks at the figures there, and drawing them took most of the time."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _draw_nothing


def _draw_nothing(*args: Any, **options: Any) -> None:
    pass
