"""Interactive demos, one a chapter: `demos.forward_propagation()` runs that of chapter 03.

A demo is a module of this package named after the chapter's lesson. It has a function `demo() -> Demo` and ends with the line
`callable_as_demo(__name__)`, so that the module itself is what the student calls. It is imported when it is first asked for.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from nnlab.languages import ENGLISH, drawn, language, say

# ipywidgets (8.1) gives sliders no name that a screen reader could say, and takes none. The `onload` of a style runs where it is shown.
NAMES = """<style onload="
  let box = this.closest('.widget-vbox'), left = 20;
  let timer = setInterval(() => {
    for (let handle of box.querySelectorAll('[role=slider]')) {
      handle.setAttribute('aria-label', handle.closest('.widget-inline-hbox').querySelector('.widget-label').textContent);
    }
    if (!left--) clearInterval(timer);
  }, 250)"></style>"""


TEXT = re.compile(r"[^<>]*[A-Za-z]{2}[^<>]*(?=<|$)")  # between the tags of what stands below a demo


class Demo:
    """A live widget and a still of it in one output: the still shows where no kernel runs.

    Parameters
    ----------
    widget : ipywidgets.Widget or None
        None where ipywidgets is not installed: then there is the still only.
    still : callable
        Draws the state that the widget is in, as `nnlab.demos._svg.drawing` makes it.
    """

    def __init__(self, widget: Any, still: Callable[[], str]) -> None:
        self.widget = widget
        self.still = still

    def __repr__(self) -> str:
        from nnlab.demos._svg import words

        return words(self.still())

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        from nnlab.demos._svg import still

        data, metadata = still(self.still())
        live = {} if self.widget is None else self.widget._repr_mimebundle_()
        return {**live, **data}, metadata


class Controls:
    """The widgets of a demo and the state they are in; a demo's own say how to draw a state, and how the widgets show it.

    Where each widget of `fields` sets the part of the state that has its name, `_wire` is all that is needed.
    """

    state: Any
    picture: Any
    box: Any
    fields: dict[str, Any]
    draw: Callable[[Any], str]

    def _wire(self, rows: Iterable[Iterable[Any]], below: str) -> None:
        """Put the widgets in rows above the picture and words below it, set them to the state, and draw what they are moved to."""
        import ipywidgets as w  # type: ignore[import-untyped]

        self.picture = w.HTML(self.draw(self.state))
        wrap = w.Layout(flex_flow="row wrap")
        self.box = w.VBox([*(w.HBox([*row], layout=wrap) for row in rows), self.picture, w.HTML(below)])
        self._set()
        for name, field in self.fields.items():
            field.observe(lambda change, name=name: self._show(self._moved(name, change.new)), "value")

    def _moved(self, name: str, value: Any) -> Any:
        """Return the state after the widget of this name was moved."""
        return replace(self.state, **{name: value})

    def _set(self) -> None:
        """Set the widgets to the state."""
        for name, field in self.fields.items():
            field.value = getattr(self.state, name)

    def _show(self, state: Any) -> None:
        """Draw a state and set the widgets to it; each of them then reports what is already so, and that ends here."""
        if state != self.state:
            self.state = state
            self.picture.value = self.draw(state)
            self._set()


def live(controls: Callable[[], Any], still: Callable[[Any], str], start: Any) -> Demo:
    """Return a demo that is live where ipywidgets and a kernel are, else a still.

    Parameters
    ----------
    controls : callable
        Makes the widgets: an object with a `box` and a `state`. It may find that ipywidgets is not installed.
    still : callable
        Draws a state for those who cannot move it: the demo's own `svg`, or that of the state worth seeing.
    start
        The state at the start.
    """
    try:
        made = controls()
    except ImportError:
        return Demo(None, lambda: still(start))
    translate(made.box)
    made.box.children = (*made.box.children, _names())
    return Demo(made.box, lambda: still(made.state))


def translate(widget: Any) -> None:
    """Put what the widgets say into the reader's language; values stay what they are."""
    if language() == ENGLISH:
        return
    for each in getattr(widget, "children", ()):
        translate(each)
    for words in ("description", "tooltip"):
        if getattr(widget, words, None):
            setattr(widget, words, drawn(getattr(widget, words)))
    if pairs := getattr(widget, "_options_full", None):
        value = widget.value
        widget.options = [(drawn(label), option) for label, option in pairs]
        widget.value = value
    if type(widget).__name__ == "HTML" and "onload" not in widget.value and "<svg" not in widget.value:
        widget.value = TEXT.sub(lambda part: drawn(part[0]), widget.value)


def _names() -> Any:
    """Return an invisible widget that names the sliders beside it by their labels."""
    from ipywidgets import HTML

    return HTML(NAMES, layout={"display": "none"})


class _DemoModule(ModuleType):
    """A module that runs its demo when it is called."""

    def __call__(self) -> Demo:
        """Run the demo of this module."""
        demo: Demo = self.demo()
        return demo


def callable_as_demo(name: str) -> None:
    """Make the module of this name run its `demo()` when it is called, however it was imported.

    Parameters
    ----------
    name : str
        The module's `__name__`.
    """
    sys.modules[name].__class__ = _DemoModule


def __dir__() -> list[str]:
    return [module.name for module in iter_modules(__path__) if not module.name.startswith("_")]


def __getattr__(name: str) -> ModuleType:
    """Import the demo when it is first asked for."""
    if name not in __dir__():
        raise AttributeError(
            say("there is no demo {name!r}. There are: {names}. A demo has the name of its chapter.", name=name, names=", ".join(__dir__()))
        )
    return import_module(f"{__name__}.{name}")
