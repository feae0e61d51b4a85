"""Feedback for systems that know a submission again by its file's name, and as mails. Nothing is sent from here."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from nnlab.grading.gradebook import Place
from nnlab.grading.intake.names import BLACKBOARD, CANVAS
from nnlab.grading.intake.roster import keys
from nnlab.grading.intake.text import fold, name
from nnlab.grading.results import Mark

PAGE = "feedback.html"
MOST_SHOWN = 80  # characters of an address in a sentence
LONGEST_TEXT = 200  # characters of a name in a header: a line may have 998
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"{ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})*")  # of one person: no names, lists, quotes or comments
LONGEST_ADDRESS = 254  # characters, RFC 5321
BODY = "{summary}\n\nThe attached page says what each test found. Open it in a browser.\n"


def as_downloaded(members: Sequence[tuple[Place, Mark]], pattern: re.Pattern[str]) -> dict[str, str]:
    """Return what each student's feedback page is to be called, by the student, so that the system takes it for theirs.

    Parameters
    ----------
    members : sequence of (Place, Mark)
        The class.
    pattern : re.Pattern
        How the system names what is downloaded. What stands before the student's own file name (`rest`) stays as it is.

    Returns
    -------
    dict of str
        Without those whose file carries no such name, or one that is not theirs alone: nobody is guessed.
    """
    found = {mark.student: _called(pattern, place, mark.source) for place, mark in members}
    times = Counter(found.values())
    return {student: path for student, path in found.items() if path and times[path] == 1}


def username(place: Place, mark: Mark) -> str:
    """Return the name a student logs in to Blackboard with: the roster's, else the one in the file's name; "" where neither says it."""
    if place.person.login:
        return place.person.login
    match = _matched(BLACKBOARD, mark.source)
    return place.person.name if match and place.person.name and match["whose"].endswith(f"_{place.person.name}") else ""


def is_address(text: str) -> bool:
    """Tell whether a text is the address of one mailbox, in ASCII, that can stand in a header as it is."""
    return len(text) <= LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None


def no_mail(place: Place) -> str:
    """Say why there can be no mail for a student, or "" where there can."""
    if not place.person.email:
        return "no address"
    return "" if is_address(place.person.email) else f"{name(place.person.email)[:MOST_SHOWN]!r} is no address"


def mail(place: Place, subject: str, summary: str, page: bytes, sender: str = "") -> bytes:
    """Return a mail with the feedback page attached, to be sent with one's own program; the same feedback gives the same bytes.

    It has no date: the program that sends it sets one. Mail programs that know `X-Unsent` open it as a draft.

    Parameters
    ----------
    place : Place
        To whom. `no_mail` is "".
    subject, summary : str
    page : bytes
        HTML, in UTF-8.
    sender : str
        An address, or "" where the program that sends it is to set it.
    """
    letter = EmailMessage(policy=SMTP)
    if sender:
        letter["From"] = Address(addr_spec=sender)
    letter["To"] = Address(_in_header(place.person.name), addr_spec=place.person.email)
    letter["Subject"] = _in_header(subject)
    letter["X-Unsent"] = "1"
    letter.set_content(BODY.format(summary=summary), cte="base64")
    letter.add_attachment(page, maintype="text", subtype="html", filename=PAGE, params={"charset": "utf-8"})
    letter.set_boundary(f"nnlab-{hashlib.sha256(summary.encode() + page).hexdigest()[:40]}")
    return letter.as_bytes()


def _in_header(text: str) -> str:
    """Return a text of others for a header: one short line, and no `=?…?=`, which the email package would decode, line ends and all."""
    return name(text)[:LONGEST_TEXT].replace("=?", "= ?")


def _called(pattern: re.Pattern[str], place: Place, source: str) -> str:
    """Return the page's name beside a submission, or "" where the file's name does not say that it is this student's."""
    match = _matched(pattern, source)
    if match is None:
        return ""
    called, number = match["name"] or "", match["number"]
    theirs = {fold(called), fold(number), fold(f"{called} ({number})"), fold(f"canvas {number}")} - {""}
    before = match.string[: match.start("rest")]
    if "\\" in before or (pattern is CANVAS and place.person.canvas != number):
        return ""
    return before + PAGE if theirs & keys(place.person) else ""


def _matched(pattern: re.Pattern[str], source: str) -> re.Match[str] | None:
    """Return how a path's outermost part that a system named reads: what lies inside of it, students have named."""
    parts = source.split("/")
    tries = (pattern.fullmatch("/".join(parts[i:j])) for i in range(len(parts)) for j in range(len(parts), i, -1))
    return next(filter(None, tries), None)
