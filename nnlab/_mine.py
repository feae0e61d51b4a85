"""`from mine import softmax`: the student's own function, or the course's where there is none.

`import nnlab` makes a module `mine` known to Python. It is no file: what stands in the file `mine.py` beside the notebook is looked up when
it is asked for. In the sandbox a file takes its place, with what the chapter's cells import and no more.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

NAME = "mine"


class _Mine(ModuleType):
    """A module without names of its own: each is looked up when it is asked for."""

    def __getattr__(self, name: str) -> Any:
        __tracebackhide__ = True  # a student reads the sentence, and not how it came about
        if name.startswith("__") and name != "__all__":
            raise AttributeError(name)
        from nnlab.checks._mine.give import give

        return give(name, sys._getframe(1))

    def __dir__(self) -> list[str]:
        from nnlab.checks._mine.give import names

        return names()


class Finder(MetaPathFinder, Loader):
    """Finds the module `mine` before any file or folder of that name."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return a spec for `mine`, and nothing for any other name."""
        return ModuleSpec(NAME, self, origin="nnlab") if fullname == NAME else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module."""
        return _Mine(NAME, "Your own code from `mine.py`, and the course's where there is none of yours.")

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: names are looked up when they are asked for."""


def install() -> None:
    """Make `import mine` find it; once is enough."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
