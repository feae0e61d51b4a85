"""The field of a question: widgets that take what is entered, and unfold the answer below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import HTML, Button, HBox, Output, RadioButtons, Text, VBox  # type: ignore[import-untyped]

from nnlab.checks._asking import ask
from nnlab.checks._asking.bank import Question
from nnlab.checks._asking.judge import Verdict
from nnlab.languages import say

HINTS = {"number": "a number, such as -2.5 or 1/4", "words": "a word or two", "open": "in your own words"}
# ipywidgets (8.1) gives radio buttons no group, so that arrows do not move in it, and texts no name that a screen reader could say.
# JupyterLab takes keys for its own that are pressed in an output. The `onload` of a style runs where it is shown.
HANDS = """<style onload="
  let box = this.closest('.nnlab-question'), left = 20, name = 'question-' + Math.random();
  box.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target.type === 'radio') {
      event.preventDefault();
      box.querySelector('.nnlab-enter')?.click();
    }
  });
  let timer = setInterval(() => {
    for (let each of box.querySelectorAll('.widget-radio-box')) {
      each.setAttribute('role', 'radiogroup');
      each.setAttribute('aria-label', 'Your answer');
    }
    for (let each of box.querySelectorAll('input[type=radio]')) {
      each.name = name;
      each.dataset.lmSuppressShortcuts = 'true';
    }
    for (let each of box.querySelectorAll('button')) { each.dataset.lmSuppressShortcuts = 'true'; }
    for (let each of box.querySelectorAll('input[type=text]')) { each.setAttribute('aria-label', 'Your answer'); }
    if (!left--) clearInterval(timer);
  }, 250)"></style>"""


class Field:
    """What a student sees of a question: a choice or a line to write in, a button, and the answer once something was entered.

    Parameters
    ----------
    question : Question
        What is asked. What was entered before is shown again.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.entry = _choice(question) if question.options else _line(question)
        self.enter = _button(say("Enter"), self._entered, say("Then the answer unfolds"))
        self.verdict = HTML()
        self.answer = Output()
        self.judging = HBox(
            [_button(say("I had it"), lambda _: self._settled(True)), _button(say("I had not"), lambda _: self._settled(False))]
        )
        self.again = _button(say("Ask me again"), self._forgotten)
        if isinstance(self.entry, Text):
            self.entry.on_msg(self._on_message)
        self.enter.add_class("nnlab-enter")
        asked = HBox([self.entry, self.enter]) if isinstance(self.entry, Text) else VBox([*_lettered(question), self.entry, self.enter])
        hands = HTML(HANDS.replace("Your answer", say("Your answer")), layout={"display": "none"})
        told = VBox([self.verdict, self.answer, self.judging, self.again])
        self.box = VBox([asked, told, hands], layout={"margin": "0 0 1.5em 0"})
        self.box.add_class("nnlab-question")
        self._tell(ask.remembered(question))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        still = ask.form(self.question)
        return {**self.box._repr_mimebundle_(), "text/html": still.html, "text/plain": still.text}

    @property
    def value(self) -> str:
        """What stands in the field now."""
        return str(self.entry.value or "").strip()

    def _on_message(self, _: Any, content: dict[str, Any], __: Any) -> None:
        if content.get("event") == "submit":  # the Enter key
            self._entered(None)

    def _entered(self, _: Any) -> None:
        self._tell(ask.attempt(self.question, self.value))

    def _settled(self, right: bool) -> None:
        ask.settle(self.question, right)
        self._tell(ask.remembered(self.question))

    def _forgotten(self, _: Any) -> None:
        ask.forget(self.question)
        self.entry.value = "" if isinstance(self.entry, Text) else None
        self._tell(None)

    def _tell(self, verdict: Verdict | None) -> None:
        """Show what came of an attempt, and the answer; the field is then closed until the student asks for it again."""
        attempted = bool(verdict and verdict.entered)
        self.verdict.value = ask.verdict_card(self.question, verdict).html if verdict else ""
        self.answer.outputs = (_markdown(ask.unfolded(self.question, verdict)),) if verdict and attempted else ()
        self.entry.disabled = self.enter.disabled = attempted
        self._shown(self.enter, not attempted)
        self._shown(self.judging, attempted and verdict is not None and verdict.right is None)
        self._shown(self.again, attempted)
        if verdict and verdict.entered and self.value != verdict.entered:
            self._fill(verdict.entered)

    def _fill(self, entered: str) -> None:
        """Show what was entered before; an option that is no more there is not chosen."""
        if isinstance(self.entry, Text) or entered in (option for option, _ in self.question.options):
            self.entry.value = entered

    @staticmethod
    def _shown(widget: Any, shown: bool) -> None:
        widget.layout.display = None if shown else "none"


def _choice(question: Question) -> Any:
    """Return radio buttons: the options themselves, or their letters where they hold formulas, which buttons cannot show."""
    options = [(letter if question.has_formula else option, option) for letter, (option, _) in question.letters.items()]
    return RadioButtons(options=options, value=None, layout={"width": "auto"})


def _lettered(question: Question) -> list[Any]:
    """Return the options as a list with letters, where they hold formulas."""
    if not question.has_formula:
        return []
    rows = "\n".join(f"- **{letter}** {option}" for letter, (option, _) in question.letters.items())
    return [Output(outputs=(_markdown(rows),))]


def _line(question: Question) -> Any:
    return Text(placeholder=say(HINTS[question.kind]), layout={"width": "24em"}, continuous_update=True)


def _button(label: str, pressed: Callable[[Any], None], tooltip: str = "") -> Any:
    button = Button(description=label, tooltip=tooltip or label, layout={"width": "auto", "align_self": "flex-start"})
    button.on_click(pressed)
    return button


def _markdown(text: str) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {"text/markdown": text, "text/plain": text}, "metadata": {}}
