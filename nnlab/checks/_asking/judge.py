"""Whether what was entered answers a question, and what it tells the one who entered it."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from nnlab.checks._asking.bank import RIGHT, Question
from nnlab.languages import say

LONGEST = 300  # characters that are kept of what was entered
DIGITS = r"(?:\d+\.?\d*|\.\d+)"
# One number, and nothing with a digit before or behind it: mixed, a fraction, a power of ten, or plain.
NUMBER = re.compile(
    rf"(?P<before>\D*?)(?P<sign>[-+]?)(?:(?P<whole>\d+)\s+(?=\d+\s*/))?"
    rf"(?:(?P<above>{DIGITS})\s*/\s*(?P<below>[-+]?{DIGITS})"
    rf"|(?:(?P<factor>{DIGITS})\s*[·*×x]\s*)?10\s*(?:\^|\*\*)\s*[({{]?(?P<power>[-+]?\d+)[)}}]?"
    rf"|(?P<plain>{DIGITS}(?:e[-+]?\d+)?))\s*(?P<percent>%?)(?P<behind>\D*)",
    re.IGNORECASE,
)
FORMULA_BEFORE = re.compile(r"(?:[\w√^'′’]\s*[(\[]|[√^*/·×]|\b(?:sqrt|exp|log|ln|lg))\s*$", re.IGNORECASE)
FORMULA_BEHIND = re.compile(r"\s*(?:[√^*/·×π]|(?:pi|e)\b)", re.IGNORECASE)
NAME = re.compile(r"[^\W\d]\d")  # "w5": the digit belongs to a name
SHAPE = re.compile(
    r"(?:.*[=:]|.*\b(?:is|shape)\b|.*形状(?:是|为)?)?\s*[(\[]?\s*(\d+)\s*(?:rows?|行)?(?:\s*(?:[,;x×*、]|by|and|乘以?)\s*|\s+|(?<=行))(\d+)"
    r"\s*(?:columns?|列)?\s*[)\]]?[\s.。]*",
    re.IGNORECASE,
)
THOUSANDS = re.compile(r"(?<![\d.,])([1-9]\d{0,2})((?:,\d{3})+)(?![\d,])")
SUPERSCRIPT = re.compile("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
VULGAR = re.compile("[¼-¾⅐-⅞]")
OTHERWISE = ((r"百分之\s*([-+]?[\d.,]+)", r"\1%"), (r"\bminus\b|负|負|[−–]", "-"), ("[⁄÷∕]", "/"), (r"(?<![\d.])([-+])\s+(?=[\d.])", r"\1"))
CUT = 0.01  # what two numbers with "=" between them may differ by, one of them rounded
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
    chosen = next((option for option in question.options if option[0] == text), None) or letters.get(
        unicodedata.normalize("NFKC", text).upper().strip("().:、 ")
    )
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
    if 1 < right <= 100 and re.search(r"%|/\s*100$", _as_typed(text)):  # "93 %" where it is asked how many of 100
        value = min(value, 100 * value, key=lambda each: abs(each - right))
    return Verdict(text, abs(value - right) <= (tolerance or ROUNDING * max(1.0, abs(right))))


def number(text: str) -> float | None:
    """Return the number that a text holds, or None where it holds none, several, or a formula.

    Read are "−9", "1 1/4", "25 %", "3·10^-5", "about 0,5", "４ km", "w = 3" and "6/7 = 0.857"; not "√2", "2 or 3", "1/(1+e)", "2 at z = 0".
    """
    *before, last = re.split("[=≈＝]", text)
    value = _number_in(last)
    others = [_number_in(each) for each in before if not NAME.search(each)]
    return value if all(other is None or value is None or math.isclose(other, value, rel_tol=CUT) for other in others) else None


def _number_in(text: str) -> float | None:
    """Return the number that a text without an equals sign holds, or None."""
    found = NUMBER.fullmatch(_as_typed(text))
    if found is None or FORMULA_BEFORE.search(found["before"]) or FORMULA_BEHIND.match(found["behind"]):
        return None
    below = float(found["below"] or 1)
    if not below:
        return None
    value = float(found["above"] or found["factor"] or found["plain"] or 1) / below * float(f"1e{found['power'] or 0}")
    value += float(found["whole"] or 0)
    return value * (-1.0 if found["sign"] == "-" else 1.0) / (100.0 if found["percent"] else 1.0)


def _as_typed(text: str) -> str:
    """Return a text as a plain keyboard has it, wide digits, minus signs and ½ among it, from behind an equals sign on."""
    text = SUPERSCRIPT.sub(lambda found: f"^{found[0]}", VULGAR.sub(lambda found: f" {found[0]}", text))
    text = re.split("[=≈]", unicodedata.normalize("NFKC", text))[-1]
    for pattern, instead in OTHERWISE:
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE)
    return THOUSANDS.sub(lambda found: found[1] + found[2].replace(",", ""), text).replace(",", ".").strip()


def _words(question: Question, text: str) -> Verdict:
    return Verdict(text, any(way(text) == way(each) != "" for each in question.words for way in (_plain, _letters, _shape)))


def _letters(text: str) -> str:
    """Return an order of lines, "B, C, D" or "B → C → D", as its letters alone; "" for words and numbers."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return "".join(words) if all(word.isalpha() and (len(word) == 1 or len(words) == 1) for word in words) else ""


def _shape(text: str) -> str:
    """Return a shape, "(4, 5)", "4 by 5", "4 rows, 5 columns" or "W: 4行5列", as its two numbers; "" for anything else."""
    found = SHAPE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{found[1]} {found[2]}" if found else ""


def _plain(text: str) -> str:
    """Return a text without case, articles, signs around words, and more than one space."""
    words = re.sub(r"[^\w%+./*^−-]+", " ", unicodedata.normalize("NFKC", text).casefold()).split()
    articles = ("a", "an", "the") if any(len(word) > 1 for word in words) else ()  # in "D A B F" no article stands
    return " ".join(word.strip(".") for word in words if word not in articles)


def _open(question: Question, text: str) -> Verdict:
    return Verdict(text, None)


_JUDGES = {"choice": _choice, "number": _number, "words": _words, "open": _open}
