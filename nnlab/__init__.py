"""nnlab: a workbook course on neural networks.

In a notebook: `check(softmax)` says at once what is wrong, `hint(softmax)` helps in three steps, `progress()` shows what is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from nnlab.checks import check, checkpoint, hint, progress

__all__ = ["check", "checkpoint", "hint", "progress"]


def __getattr__(name: str) -> Any:
    """Import the checks when they are first asked for: `import nnlab` itself stays cheap."""
    if name in __all__:
        from nnlab import checks

        return getattr(checks, name)
    raise AttributeError(f"module 'nnlab' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Let an editor offer the names that are imported lazily."""
    return sorted({*globals(), *__all__})
