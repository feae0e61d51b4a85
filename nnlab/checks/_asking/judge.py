"""Whether what was entered answers a question, and what it tells the one who entered it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nnlab.checks._asking.bank import RIGHT, Question
from nnlab.languages import say

LONGEST = 300  # characters that are kept of what was entered
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
FRACTION = re.compile(rf"({NUMBER.pattern})\s*/\s*({NUMBER.pattern})", re.IGNORECASE)
POWER = re.compile(r"\s*(?:[·*×x]\s*)?10\s*(?:\^|\*\*)\s*([-+]?\d+)")
ROUNDING = 1e-9  # where a question names no tolerance


@dataclass(frozen=True)
class Verdict:
    """What came of an attempt: right, wrong, or None where only the student can say; what it tells; "" in `entered` is no attempt."""

    entered: str
    right: bool | None
    meaning: str = ""


def judge(question: Question, entered: object) -> Verdict:
    """Judge what was entered.

    Parameters
    ----------
    question : Question
        The question.
    entered
        A text or a number; for a choice the option, its letter, or the start of it.

    Returns
    -------
    Verdict
        Without an attempt where nothing can be made of it; its meaning then says what to enter.
    """
    text = str(entered).strip()[:LONGEST]
    if not text:
        return Verdict("", None, say("Enter something first: a guess will do."))
    return _JUDGES[question.kind](question, text)


def _choice(question: Question, text: str) -> Verdict:
    letters = question.letters
    chosen = next((option for option in question.options if option[0] == text), None) or letters.get(text.upper().strip("().:"))
    if chosen is None:
        alike = [option for option in question.options if _plain(option[0]).startswith(_plain(text))]
        chosen = alike[0] if len(alike) == 1 else None
    if chosen is None:
        return Verdict(
            "", None, say("Choose one of {letters}, or write one of the answers as it stands there.", letters=", ".join(letters))
        )
    return Verdict(chosen[0], chosen[1].startswith(RIGHT), chosen[1])


def _number(question: Question, text: str) -> Verdict:
    value = number(text)
    if value is None or question.number is None:
        return Verdict("", None, say("Enter a number, such as -2.5, 1/4 or 30 %."))
    right, tolerance = question.number
    return Verdict(text, abs(value - right) <= (tolerance or ROUNDING * max(1.0, abs(right))))


def number(text: str) -> float | None:
    """Return the number that a text holds, or None where it holds none, or several: "−9", "1/4", "25 %", "3·10^-5", "about 0,5"."""
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.replace("−", "-").replace("\u2009", ""))
    plain = plain.replace(",", ".")
    if found := FRACTION.search(plain):
        below = float(found[2])
        return float(found[1]) / below if below else None
    power = POWER.search(plain)
    found_numbers = NUMBER.findall(POWER.sub(" ", plain, count=1))
    if len(found_numbers) > 1 or not (found_numbers or power):
        return None
    value = float(found_numbers[0]) if found_numbers else 1.0
    return value * (float(f"1e{power[1]}") if power else 1.0) / (100.0 if "%" in plain else 1.0)


def _words(question: Question, text: str) -> Verdict:
    return Verdict(text, any(_plain(text) == _plain(each) for each in question.words))


def _plain(text: str) -> str:
    """Return a text without case, articles, signs around words, and more than one space."""
    words = re.sub(r"[^\w%+./*^−-]+", " ", text.casefold()).split()
    return " ".join(word.strip(".") for word in words if word not in ("a", "an", "the"))


def _open(question: Question, text: str) -> Verdict:
    return Verdict(text, None)


_JUDGES = {"choice": _choice, "number": _number, "words": _words, "open": _open}
