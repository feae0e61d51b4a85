"""IPython as a notebook's cells expect it, without Jupyter's protocol: what a cell prints and shows goes to one `Outputs`."""

from __future__ import annotations

import base64
import builtins
import getpass
import io
import json
import os
import struct
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from IPython.core.autocall import ExitAutocall
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.page import as_hook
from IPython.utils.text import LSString, SList
from traitlets.config import Config

KIT = Path(__file__).parents[1]
PIECE = 1 << 15  # characters that are gathered before they are sent
LARGEST = 1 << 20  # characters of one thing shown; the grader keeps far less
CUT = "… an output was too large and was left out.\n"
NO_COMMANDS = "`!{command}` is not run while a notebook is graded.\n"
IDLE_MAGICS = ("autosave", "clear", "connect_info", "less", "man", "more", "qtconsole")  # of a notebook's front end, which is not here

Send = Callable[[str, dict[str, Any]], None]


class Outputs:
    """What the running cell prints and shows, in order, in pieces."""

    send: Send = staticmethod(lambda kind, content: None)

    def __init__(self) -> None:
        self._name, self._pieces, self._size = "stdout", [""], 0
        self._lock = threading.RLock()

    def write(self, name: str, text: str) -> None:
        """Add what is printed to a stream."""
        with self._lock:
            if name != self._name:
                self.flush()
            self._name = name
            self._pieces.append(text)
            self._size += len(text)
            if self._size >= PIECE:
                self.flush()

    def flush(self) -> None:
        """Send what was printed so far."""
        with self._lock:
            text, self._pieces, self._size = "".join(self._pieces), [], 0
            for start in range(0, len(text), PIECE):
                self.send("stream", {"name": self._name, "text": text[start : start + PIECE]})

    def show(self, kind: str, content: dict[str, Any]) -> None:
        """Send something that is no stream, or say that it is too large."""
        self.flush()
        if len(json.dumps(content)) <= LARGEST:
            self.send(kind, content)
        else:
            self.write("stderr", CUT)


outputs = Outputs()


class Stream(io.TextIOBase):
    """A standard stream of a cell."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str) -> None:
        self.name = f"<{name}>"
        self._to = name

    def writable(self) -> bool:
        """Return true."""
        return True

    def write(self, text: str) -> int:
        """Print text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        outputs.write(self._to, text)
        return len(text)


class Compiler(CachingCompiler):
    """Names each cell's code as a notebook's kernel does: messages of syntax errors say the name."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """Return a cell's file name."""
        return os.path.join(tempfile.gettempdir(), f"ipykernel_{os.getpid()}", f"{murmur(raw_code.encode())}.py")


def murmur(data: bytes) -> int:
    """Return the MurmurHash2 of some bytes, with the seed that Jupyter's kernels use."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    h = 0xC70F6907 ^ len(data)
    whole = len(data) & ~3
    for (k,) in struct.iter_unpack("<I", data[:whole]):
        k = k * m & mask
        h = (h * m & mask) ^ ((k ^ k >> 24) * m & mask)
    if data[whole:]:
        h = (h ^ int.from_bytes(data[whole:], "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


class Shown(DisplayHook):
    """Shows the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Write none: a notebook has its own."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Send the value in all its forms."""
        outputs.show("execute_result", {"data": texts(format_dict), "execution_count": self.prompt_count})

    def finish_displayhook(self) -> None:
        """Say that it is done."""
        self._is_active = False


class Publisher(DisplayPublisher):
    """Shows what cells display."""

    def publish(self, data: dict[str, Any], metadata: dict[str, Any] | None = None, source: Any = None, **options: Any) -> None:
        """Send something displayed in all its forms; what would change an earlier display does nothing."""
        self._validate_data(data, metadata)  # type: ignore[no-untyped-call]
        if not options.get("update"):
            outputs.show("display_data", {"data": texts(data)})

    def clear_output(self, wait: bool = False) -> None:
        """Do nothing."""


class Exit(ExitAutocall):
    """Does nothing: in a notebook that is graded, `exit` would take the points of the cells after it."""

    def __call__(self, *args: Any, **options: Any) -> None:
        """Do nothing."""


class Shell(InteractiveShell):
    """An IPython for one student, with nobody at the keyboard."""

    compiler_class = Compiler

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no window."""

    def ask_exit(self) -> None:
        """Do nothing."""

    def init_virtualenv(self) -> None:
        """Do nothing: this Python is the one to use."""

    def init_hooks(self) -> None:
        """Leave the pager out."""
        super().init_hooks()  # type: ignore[no-untyped-call]
        self.set_hook("show_in_pager", as_hook(lambda *args, **options: None), 99)  # type: ignore[no-untyped-call]

    def init_magics(self) -> None:
        """Know the magics of a notebook's front end, which do nothing."""
        super().init_magics()  # type: ignore[no-untyped-call]
        for name in IDLE_MAGICS:
            self.magics_manager.register_function(lambda line: None, "line", name)
        for kind in ("line", "cell"):  # it would take the time of many runs
            self.magics_manager.register_function(lambda line, cell=None: None, kind, "timeit")

    def set_next_input(self, text: str, replace: bool = False) -> None:
        """Do nothing: nobody types the next cell."""

    def system(self, cmd: str) -> None:
        """Say that no command is run: `!pip install …` above an answer costs nothing."""
        outputs.write("stderr", NO_COMMANDS.format(command=cmd[:PIECE]))
        self.user_ns["_exit_code"] = 1

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> SList | LSString:
        """Return what a command that is not run prints."""
        self.system(cmd)
        return SList() if split else LSString("")

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        outputs.show("error", {"ename": str(etype.__name__), "evalue": str(evalue), "traceback": [str(line) for line in stb]})


def texts(data: dict[str, Any]) -> dict[str, str]:
    """Return what is shown as text: pictures in base 64, anything else as JSON."""
    return {str(mime): each if isinstance(each, str) else _text(each) for mime, each in data.items()}


def _text(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else json.dumps(value, default=str)


def nobody_answers(*args: Any, **options: Any) -> NoReturn:
    """Stand in for `input`."""
    raise StdinNotImplementedError("input() has nobody to ask while a notebook is graded. Write the value into the code instead.")


def make() -> Shell:
    """Return the shell, ready to run cells. It starts no thread, so that a process can be forked after it."""
    config = Config(json.loads((KIT / "config.json").read_text("utf-8")))
    config.HistoryManager.enabled = False
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.display_page = False
    shell: Shell = Shell.instance(config=config, displayhook_class=Shown, display_pub_class=Publisher, exiter=Exit())  # type: ignore[no-untyped-call]
    shell.run_line_magic("load_ext", "storemagic")
    builtins.input = getpass.getpass = nobody_answers
    return shell
