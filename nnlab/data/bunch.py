"""A data set as scikit-learn gives it, without the 2 s that importing scikit-learn costs each notebook and each graded submission."""

from __future__ import annotations

from typing import Any

from nnlab.languages import say


class Bunch(dict[str, Any]):
    """A dictionary whose entries are attributes, too: `traffic.data` is `traffic["data"]`.

    Raises
    ------
    AttributeError
        If there is no entry of that name. The message names those there are.

    Notes
    -----
    After scikit-learn's `sklearn.utils.Bunch`, which its loaders return.
    """

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        raise AttributeError(say("this data set has no {name!r}. It has {names}.", name=name, names=", ".join(self)), name=name, obj=self)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]
