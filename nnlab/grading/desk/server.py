"""The desk in the browser: a small server on this machine alone, for whoever knows the address.

It listens on the loopback interface, and its address holds a token. Each request has to name the server as we do (Host), and each change
has to come from its own pages (Origin): so no other page that is open in the browser can read or change marks.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import socket
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from nnlab.grading.adjusting.model import DROP, FULL, Adjustment
from nnlab.grading.desk.adjust import AdjustError, Desk, Wish
from nnlab.grading.desk.mends import accepted, refused
from nnlab.grading.desk.views import answer_page, class_view, next_place
from nnlab.grading.exports.formats import ExportError
from nnlab.grading.gradebook import GradebookError
from nnlab.languages import say

LOG = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
LARGEST = 4_000_000  # bytes of a request: a comment that is too long is to be refused with a sentence, and not cut off
# Of the gradebook or the disk, not of the desk: gone, damaged, full, read-only.
TROUBLE = (AdjustError, GradebookError, ExportError, OSError)
QUIET = 1.0  # seconds without a change, after which marks.csv and pages are written
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address is the key
    "Cache-Control": "no-store",
}


class Files:
    """Writes marks.csv and pages a moment after the last change, in a thread of its own; what is saved is in the gradebook before."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._todo: set[str] = set()
        self._waiting: asyncio.TimerHandle | None = None
        self._running: asyncio.Future[None] | None = None
        self.problem = ""

    def changed(self, student: str) -> None:
        """Note whose page is to be written, "" for everyone's."""
        self._todo.add(student)
        if self._waiting:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_later(QUIET, self._start)

    def _start(self) -> None:
        if self._running and not self._running.done():
            self._waiting = asyncio.get_running_loop().call_later(QUIET, self._start)
            return
        self._running = asyncio.get_running_loop().run_in_executor(None, self.flush)

    def flush(self) -> None:
        """Write what is to be written; where that fails, the next change tries again."""
        students, self._todo = self._todo, set()
        if not students:
            return
        try:
            self._desk.write(students)
            self.problem = ""
        except (OSError, GradebookError, ValueError) as error:
            self._todo |= students
            self.problem = f"Your changes are saved in the gradebook, but marks.csv and the pages could not be written: {error}"

    async def close(self) -> None:
        """Write the rest."""
        if self._waiting:
            self._waiting.cancel()
        if self._running:
            await self._running
        self.flush()


class _Handler(RequestHandler):
    """What all requests have in common: who may ask, and how a refusal reads."""

    desk: Desk
    files: Files
    token: str
    names: frozenset[str]

    def initialize(self, desk: Desk, files: Files, token: str, names: frozenset[str]) -> None:
        """Take what the server gives to each of its handlers."""
        self.desk, self.files, self.token, self.names = desk, files, token, names

    def set_default_headers(self) -> None:
        """Keep pages out of frames and caches, and the address out of other servers' logs."""
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.clear_header("Server")

    def prepare(self) -> None:
        """Refuse who asks without the token, under another name, or from another page."""
        if self.request.headers.get("Host", "") not in self.names:
            raise HTTPError(403, reason="This server is asked under a name that is not its own.")
        if not secrets.compare_digest(self.path_args[0].encode(), self.token.encode()):
            raise HTTPError(403, reason="The address lacks its token. Open the address that nnlab desk printed.")
        if self.request.method == "POST" and self.request.headers.get("Origin", "") not in {f"http://{name}" for name in self.names}:
            raise HTTPError(403, reason="This change does not come from a page of the desk. Nothing was changed.")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say what is wrong in a sentence, and nothing of our insides."""
        error = kwargs.get("exc_info", (None, None))[1]
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{_sentence(error) if isinstance(error, TROUBLE) else self._reason}\n")

    def log_exception(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Say in the terminal what went wrong in the desk itself, without the address: it is the key."""
        if isinstance(error, TROUBLE):
            LOG.error("%s", _sentence(error))
        elif not isinstance(error, HTTPError):
            LOG.error("the desk failed; nothing was changed. %s", "".join(traceback.format_exception(kind, error, trace)))

    def refuse(self, status: int, problem: object) -> None:
        """Answer with a sentence in place of what was asked for."""
        self.set_status(status)
        self.finish({"problem": str(problem)})


class _Class(_Handler):
    def get(self, token: str) -> None:
        """Show the class, as it is in the gradebook by now."""
        self.desk.read()
        self.finish(class_view(self.desk, self.files.problem))


class _Answer(_Handler):
    def get(self, token: str) -> None:
        """Show an answer."""
        try:
            student, exercise = self.desk.student(self.get_query_argument("student", "")), self.get_query_argument("exercise", "")
            self.finish(answer_page(self.desk, student, self.desk.exercise(exercise)))
        except AdjustError as error:
            self.set_status(404)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{error}\n")


class _Change(_Handler):
    def post(self, token: str) -> None:
        """Save a change, and say where to go on."""
        try:
            asked = json.loads(self.request.body)
            if not isinstance(asked, dict):
                raise TypeError("an object was expected")
            saved, undo = _asked(self.desk, asked)
            seen = asked.get("seen")
            done = self.desk.save(saved, undo, seen if isinstance(seen, int) else None)
        except TROUBLE as error:
            self.refuse(409, _sentence(error))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            self.refuse(400, f"This is no change that the desk knows ({type(error).__name__}). Nothing was changed.")
        else:
            for each in done:
                self.files.changed(each.student)
            self.finish({"next": next_place(self.desk, str(asked.get("student", "")), str(asked.get("exercise", "")))})


def _sentence(error: BaseException) -> str:
    """Say what is wrong with a change, or that the gradebook could not be read or written."""
    if isinstance(error, AdjustError):
        return str(error)
    said = f"{error.filename or '?'}: {error.strerror or error}." if isinstance(error, OSError) else f"{error}"
    return say("Nothing was changed: {said} When that is mended, load the page again; the desk goes on.", said=said)


def _asked(desk: Desk, asked: dict[str, Any]) -> tuple[list[Adjustment], Adjustment | None]:
    """Return the adjustments that a page asks for, or the one that it undoes."""
    kind, student, exercise, why = (str(asked.get(key, "")) for key in ("kind", "student", "exercise", "why"))
    value = str(asked.get("value", ""))
    match kind:
        case "undo":
            return [], desk.last(number=int(asked["number"]))
        case "mark":
            return desk.marked([Wish(student, exercise, value, why, str(asked.get("comment", "")))]), None
        case "rubric":
            met = frozenset(int(place) for place in asked["criteria"])
            return desk.by_rubric(student, exercise, met, why, str(asked.get("comment", ""))), None
        case "accept":
            return [accepted(desk, student, exercise, str(asked.get("mend", "")))], None
        case "refuse":
            return refused(desk, student, exercise, str(asked.get("mend", "")), why, str(asked.get("comment", ""))), None
        case "seen":
            return [desk.looked_at(student, exercise)], None
        case "drop" | "full":
            return [desk.rule(DROP if kind == "drop" else FULL, exercise, why)], None
        case "scale":
            return [desk.scaled(value, why)], None
        case "bonus":
            return [desk.bonus(value, student, why)], None
        case "whole":
            return desk.whole(student, value, why, str(asked.get("comment", ""))), None
    raise ValueError(kind)


async def serve(desk: Desk, port: int, opened: Callable[[str], None]) -> None:
    """Serve the desk until it is cancelled, then write what is not written yet.

    Parameters
    ----------
    desk : Desk
    port : int
        On this machine; 0 takes a free one.
    opened : callable
        Told the address, with its token, once it answers.

    Raises
    ------
    ValueError
        If the port is none, or taken.
    """
    if not 0 <= port < 65_536:
        raise ValueError(say("--port {port}: expected a number from 1024 to 65535. Leave --port out for one that is free.", port=port))
    try:
        listening = socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise ValueError(
            say(
                "port {port} cannot be had: {error}. Is another desk open? Leave --port out for one that is free.",
                port=port,
                error=error.strerror,
            )
        ) from error
    listening.setblocking(False)
    at = listening.getsockname()[1]
    token, files = secrets.token_urlsafe(24), Files(desk)
    given = {"desk": desk, "files": files, "token": token, "names": frozenset({f"{LOOPBACK}:{at}", f"localhost:{at}"})}
    paths = ((r"/([^/]*)/", _Class), (r"/([^/]*)/answer", _Answer), (r"/([^/]*)/change", _Change))
    application = Application(
        [(path, handler, given) for path, handler in paths],
        default_handler_class=_Nothing,
        log_function=lambda handler: None,  # no log has the token
    )
    server = HTTPServer(application, max_body_size=LARGEST, max_buffer_size=2 * LARGEST)
    server.add_socket(listening)
    opened(f"http://{LOOPBACK}:{at}/{token}/")
    try:
        await asyncio.Event().wait()
    finally:
        server.stop()
        await files.close()


class _Nothing(RequestHandler):
    def prepare(self) -> None:
        """Say nothing of what there is."""
        self.set_status(403)
        self.finish("There is nothing here. Open the address that nnlab desk printed.\n")
