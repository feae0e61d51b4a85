"""`predict` and `recall`: a field where widgets and a kernel are, else the question's plain form; and what they remember."""

from __future__ import annotations

from difflib import get_close_matches
from html import escape
from typing import Any

from nnlab.checks._asking.bank import RIGHT, Question, by_chapter, questions
from nnlab.checks._asking.judge import Verdict, judge
from nnlab.checks._display import Card, message_card
from nnlab.checks._notebook import memory
from nnlab.checks._notebook.place import by_program, shell
from nnlab.languages import say

KIND = "questions"
HEADS = {True: ("✓ Right.", "passed"), False: ("✗ Not this time.", "wrong"), None: ("? Compare with the answer.", "hint")}
MOST_NAMED = 4  # wrong ones that `progress()` names


class Text:
    """Markdown, with its own text where nothing renders it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def predict(question: str, entered: object = None) -> None:
    """Ask for your prediction, and unfold the answer once something was entered, right or wrong.

    Parameters
    ----------
    question : str
        The question's name, as the cell has it.
    entered : str or number, optional
        Your prediction, where there is no field to fill in: `predict("slope_at_one", "negative")`. For a choice its letter will do.
    """
    found = _found(question)
    if found is None:
        return
    if entered is not None:
        _tell(found, attempt(found, entered))
    else:
        _ask(found)


def recall(*names: str) -> None:
    """Ask questions on what you have read before, one under another. They give no points.

    Parameters
    ----------
    *names : str
        The questions' names.
    """
    for number, name in enumerate(names, 1):
        found = _found(name)
        if found is not None:
            _show(Text(f"**{number}.** {found.text}"))
            _ask(found)


def attempt(question: Question, entered: object) -> Verdict:
    """Judge what was entered, and remember it."""
    verdict = judge(question, entered)
    if verdict.entered:
        memory.remember(KIND, question.id, [verdict.entered, verdict.right])
    return verdict


def settle(question: Question, right: bool) -> None:
    """Remember what a student says of an answer that only the student can judge."""
    before = remembered(question)
    memory.remember(KIND, question.id, [before.entered if before else "", right])


def forget(question: Question) -> None:
    """Forget what was entered, to be asked again."""
    memory.remember(KIND, question.id, None)


def remembered(question: Question) -> Verdict | None:
    """Return what came of the last attempt, or None."""
    kept = memory.recall(KIND).get(question.id)
    if not (isinstance(kept, list) and len(kept) == 2 and isinstance(kept[0], str) and kept[0] and kept[1] in (True, False, None)):
        return None
    meaning = next((meaning for option, meaning in question.options if option == kept[0]), "")
    return Verdict(kept[0], kept[1], meaning)


def verdict_card(question: Question, verdict: Verdict) -> Card:
    """Show what came of an attempt, and what it tells."""
    if not verdict.entered:
        return message_card(f"○ {verdict.meaning}", "not attempted")
    head, outcome = HEADS[verdict.right]
    meaning = "" if "$" in verdict.meaning else _meaning(verdict)
    letter = next((letter for letter, (option, _) in question.letters.items() if option == verdict.entered), "")
    said = letter if question.has_formula else verdict.entered
    return message_card(" ".join([say("{head} You said “{said}”.", head=say(head), said=said), *([meaning] if meaning else [])]), outcome)


def unfolded(question: Question, verdict: Verdict) -> str:
    """Return what unfolds after an attempt, in Markdown: the answer, and before it what a card cannot show: a formula in what it tells."""
    return f"{_meaning(verdict)}\n\n{question.answer}" if "$" in verdict.meaning else question.answer


def form(question: Question) -> Card:
    """Return a question's field as it stands where nobody can fill it in, and how to answer without one."""
    how = f'predict("{question.id}", "{"A" if question.options else "…"}")'
    rows = [f"  {letter}. {option}" for letter, (option, _) in question.letters.items()]
    text = "\n".join([*rows, say("Answer with {how}.", how=how)])
    labels = [_radio(question.id, letter, option) for letter, (option, _) in question.letters.items()] or [_box(question.kind)]
    fields = "".join(f"<div>{each}</div>" for each in labels)
    html = f"<fieldset style='border:1px solid #767676;padding:0.3em 1em'><legend>{say('Your answer')}</legend>{fields}</fieldset>"
    return Card(text, f"{html}<p>{say('Without a field:')} <code>{escape(how)}</code></p>")


def wrong_ones(chapter: str) -> list[str]:
    """Return what `progress()` says of a chapter's questions: nothing, or how many were answered and where to look again."""
    asked = by_chapter().get(chapter, {})
    answered = {name: verdict for name, question in asked.items() if (verdict := remembered(question))}
    if not answered:
        return []
    wrong = [name for name, verdict in answered.items() if verdict.right is False]
    count = say("Questions: {answered} of {asked} answered, {wrong} not right", answered=len(answered), asked=len(asked), wrong=len(wrong))
    if not wrong:
        return [count + "."]
    named = [f"{name} (in “{asked[name].section}”)" for name in wrong[:MOST_NAMED]]
    more = say(" and {count} more", count=len(wrong) - MOST_NAMED) if len(wrong) > MOST_NAMED else ""
    again = f"recall({', '.join(map(repr, wrong[:MOST_NAMED]))})".replace("'", '"')
    return [say("{count}: {named}{more}. Ask yourself again: {again}", count=count, named=", ".join(named), more=more, again=again)]


def _found(name: str) -> Question | None:
    """Return a question, or say which there are."""
    known, name = questions(), str(name)
    if name in known:
        return known[name]
    near = get_close_matches(name, known, cutoff=0.5)
    meant = say(" Did you mean {names}?", names=say(" or ").join(f"`{each}`" for each in near)) if near else ""
    message_card(say("There is no question `{name}`.{meant}", name=name, meant=meant), "not attempted").show()
    return None


def _ask(question: Question) -> None:
    """Show the live field where there can be one, else the form; for a program that writes pages, with the answer folded behind it."""
    if by_program() or shell() is None:
        form(question).show()
        if by_program():
            _show(Text(f"<details><summary>{say('Answer')}</summary>\n\n{question.answer}\n\n</details>"))
        return
    try:
        from nnlab.checks._asking.field import Field
    except ImportError:  # no ipywidgets here
        form(question).show()
        return
    _show(Field(question))


def _tell(question: Question, verdict: Verdict) -> None:
    verdict_card(question, verdict).show()
    if verdict.entered:
        _show(Text(unfolded(question, verdict)))


def _show(what: Any) -> None:
    if shell() is None:
        print(what)
    else:
        from IPython.display import display

        display(what)  # type: ignore[no-untyped-call]


def _radio(name: str, letter: str, option: str) -> str:
    return f"<label><input type='radio' name='{escape(name)}' disabled> {letter}. {escape(option)}</label>"


def _box(kind: str) -> str:
    label = {"number": say("A number"), "words": say("A word or two"), "open": say("In your own words")}[kind]
    return f"<label>{label}: <input type='text' size='30' disabled></label>"


def _meaning(verdict: Verdict) -> str:
    """Return what an attempt tells: why a right option is right, without the word that says so, or what a wrong one shows."""
    meaning = verdict.meaning
    if verdict.right:
        meaning = next((meaning.removeprefix(word) for word in RIGHT if meaning.startswith(word)), meaning).lstrip(":,. ：，")
    return meaning[:1].upper() + meaning[1:]
