"""Student code runs where it can do no harm, answers questions in time, and leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import ROOT

from nnlab.grading.sandbox import launch, walls
from nnlab.grading.sandbox.inside import frames
from nnlab.grading.sandbox.inside.codec import Call, Opaque, Own
from nnlab.grading.sandbox.kernel import BadReply, CallTimeout, KernelDied, StudentError, StudentKernel
from nnlab.grading.sandbox.walls import Limits, why_not

QUICK = Limits(cell=3, call=1)
ANSWERS = """import numpy as np
def same(x): return x
def apply(f, x): return f(x)
def draw(rng): return rng.standard_normal(2)
def clear(x):
    x[:] = 0
    return x
def fails(x):
    y = 1
    return x / 0
def loops():
    while True: pass
def large(): return np.ones((50_000, 50_000)).sum()
def leaves(): raise SystemExit(0)
def dies():
    import os
    os._exit(0)
def naps():
    import time
    time.sleep(0.5)
def sometimes(x):
    while x == 2: pass
    return 6 / x
def chatty(x):
    print('x' * 1_000_000)
    return x
"""


@pytest.fixture
def answered(kernel: StudentKernel) -> StudentKernel:
    """Return a kernel with some answers in it."""
    assert kernel.execute(ANSWERS).status == "ok"
    return kernel


@pytest.fixture(scope="module")
def plain(kit: Path) -> Iterator[StudentKernel]:
    """Return a plain process that many cells can be run in."""
    with StudentKernel(kit, "none", Limits(cell=10)) as started:
        yield started


def text(kernel: StudentKernel, code: str) -> str:
    """Run a cell and return what it printed, or its error."""
    messages = kernel.execute(code).messages
    return "".join(message["content"].get("text", "") + message["content"].get("evalue", "") for message in messages)


def test_calls(answered: StudentKernel) -> None:
    """Data goes in and comes out, functions of NumPy and generators can be arguments, an input changed in place is seen."""
    z = np.arange(6.0).reshape(2, 3)
    assert answered.call("same", z).tolist() == z.tolist()
    assert answered.call("apply", np.tanh, 0.5) == np.tanh(0.5)
    assert answered.call("draw", Call("numpy.random.RandomState", 42)).tolist() == np.random.RandomState(42).standard_normal(2).tolist()
    assert answered.call("apply", Own("same"), 3) == 3
    assert answered.call("draw", np.random.default_rng(3)).tolist() == np.random.default_rng(3).standard_normal(2).tolist()
    assert answered.call("same", {"large": np.ones(1 << 20), "long": "数" * 100_000})["long"] == "数" * 100_000
    answered.call("clear", z)
    assert answered.arguments_after[0].tolist() == [[0] * 3] * 2
    assert z[0, 1] == 1
    assert answered.call("chatty", 3) == 3


@pytest.mark.parametrize(
    ("name", "args", "type_", "line"),
    [
        ("fails", [1], "ZeroDivisionError", 10),
        ("nothing", [], "NameError", None),
        ("apply", [Own("nothing"), 1], "NameError", 3),
        ("large", [], "MemoryError", 13),
        ("leaves", [], "SystemExit", 14),
    ],
)
def test_errors(answered: StudentKernel, name: str, args: list[Any], type_: str, line: int | None) -> None:
    """An exception is told with its type and line, and the kernel goes on; 20 GB are not to be had."""
    with pytest.raises(StudentError) as caught:
        answered.call(name, *args)
    assert (caught.value.type, caught.value.line) == (type_, line)
    assert answered.call("same", 1) == 1


def test_many_calls_in_one_exchange(answered: StudentKernel) -> None:
    """Each call has its value or its error, and its arguments afterwards; after one that does not end, the others are not asked."""
    z = np.ones(2)
    assert [value.tolist() for value in answered.call_many("clear", [(z,), (2 * z,)])] == [[0, 0]] * 2
    assert [after[0].tolist() for after in answered.arguments_after] == [[0, 0]] * 2
    values = answered.call_many("sometimes", [(1,), (0,), (2,), (3,)], timeout=0.3)
    assert values[0] == 6
    assert [type(value) for value in values[1:]] == [StudentError, CallTimeout, CallTimeout]
    assert answered.call_many("same", [(i,) for i in range(800)]) == list(range(800))
    assert answered.call_many("same", []) == []


def test_processor_time(answered: StudentKernel) -> None:
    """A limit in processor time ends what computes, and not what waits; 0.3 s of it are told though the clock may run on."""
    with pytest.raises(CallTimeout):
        answered.call("loops", timeout=60, cpu=0.3)
    assert answered.call("naps", timeout=60, cpu=0.3) is None


def test_endless_call(answered: StudentKernel) -> None:
    """A call that does not end is interrupted, and the kernel goes on."""
    with pytest.raises(CallTimeout):
        answered.call("loops", timeout=0.3)
    assert answered.call("same", 1) == 1


def test_death_and_restart(answered: StudentKernel) -> None:
    """A process that ends itself is noticed at once; a restarted kernel knows nothing of before."""
    with pytest.raises(KernelDied):
        answered.call("dies")
    assert not answered.alive
    answered.restart()
    with pytest.raises(StudentError, match="NameError"):
        answered.call("same", 1)


def test_the_line_is_one_of_the_answers_own_cell(answered: StudentKernel) -> None:
    """Where what it calls fails, which may stand in another cell, the line that calls it is told; a class has no cell that is known."""
    answered.execute(
        "# above\ndef calls(x):\n    y = x\n    return fails(y)\nclass Fails:\n    def __call__(self): fails(1)\nfails_too = Fails()"
    )
    for name, args, line in (("calls", [1], 4), ("fails_too", [], None)):
        with pytest.raises(StudentError) as caught:
            answered.call(name, *args)
        assert caught.value.line == line


def test_what_the_end_has_no_more(plain: StudentKernel) -> None:
    """What stands beside an answer is what it was when the answer was checked, where the end of the notebook has none."""
    plain.execute("from nnlab_inside.agent import keep\ndef beside(): return 1\ndef checked(): return beside()\nkeep(checked)")
    plain.execute("%reset -f")
    assert plain.call("beside") == plain.call("checked") == 1
    plain.execute("beside = None")
    assert plain.call("beside") == 1


def test_cells(kernel: StudentKernel) -> None:
    """A cell ends in ok, error, timeout or died, and its outputs come with it."""
    assert kernel.execute("1 +").messages[-1]["content"]["ename"] == "SyntaxError"
    assert kernel.execute("print(1); 2").status == "ok"
    assert [m["msg_type"] for m in kernel.execute("print(1); 2").messages] == ["stream", "execute_result"]
    assert kernel.execute("import sys; sys.exit()").status == "error"
    assert kernel.execute("while True: pass", timeout=0.3).status == "timeout"
    assert kernel.alive
    assert kernel.execute("import os; os._exit(3)").status == "died"
    assert not kernel.alive


EXITS = ("exit()", "exit", "quit()", "quit", "exit(3)", "import sys; sys.exit()", "raise SystemExit", "get_ipython().ask_exit()")


def test_exits_end_nothing(kernel: StudentKernel) -> None:
    """However a cell says that it wants to leave, the notebook goes on with all that it has."""
    kernel.execute("x = 41")
    for source in (*EXITS, "get_ipython().kernel.do_shutdown(True)", "raise KeyboardInterrupt"):
        assert kernel.execute(source).status in ("ok", "error"), source
    assert text(kernel, "print(x + 1)") == "42\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import asyncio\nawait asyncio.sleep(0)\nprint(1)", "1\n"),
        ("%timeit sum(range(9**12))", ""),
        ("%%timeit\nsum(range(9**12))", ""),
        ("!pip install numpy\nprint(1)", "`!pip install numpy` is not run while a notebook is graded.\n1\n"),
        ("%pip install numpy\nprint(1)", "1\n"),
        ("files = !ls\nprint(len(files))", "0\n"),
        ("%%capture c\nprint(1)", ""),
        ("from IPython.display import display, HTML, clear_output\ndisplay(HTML('<b>'))\nclear_output()", ""),
        ("import sys\nprint(1, file=sys.stderr)\nprint(2)", "1\n2\n"),
        ("input('name?')", "input() has nobody to ask"),
        ("import getpass\ngetpass.getpass()", "input() has nobody to ask"),
        ("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()", ""),
        ("%matplotlib inline", ""),
        ("%autosave 60\nprint?", ""),
        ("from ipywidgets import interact, IntSlider\n@interact(x=IntSlider(3))\ndef f(x): pass\nprint(1)", "1\n"),
        ("def f():\n    return 1 +\n", "invalid syntax ("),
        ("'a\\ud800b'.encode()", "surrogates not allowed"),
        ("print('a\\ud800b')", "a?b\n"),
        ("raise ValueError('\\udfff')", "?"),
    ],
)
def test_what_a_cell_may_do(plain: StudentKernel, source: str, said: str) -> None:
    """Magics, await, displays, figures, widgets and odd text do what they do in a notebook, with nobody at the keyboard."""
    done = plain.execute(source)
    assert done.status == ("error" if said and not said.endswith("\n") else "ok"), done
    assert said in "".join(each["content"].get("text", "") + each["content"].get("evalue", "") for each in done.messages)


def test_a_traceback_names_lines(kernel: StudentKernel) -> None:
    """An error comes with the lines of the cells that it went through."""
    kernel.execute("def f():\n    return 1 / 0")
    (message,) = kernel.execute("x = 1\nf()").messages
    assert message["content"]["ename"] == "ZeroDivisionError"
    told = "".join(message["content"]["traceback"])
    assert "line 2\n    f()" in told
    assert "return 1 / 0" in told


def test_too_large_to_show(kernel: StudentKernel) -> None:
    """What is shown of a picture that is too large is a line that says so, and the cell goes on."""
    code = "from IPython.display import display\ndisplay({'image/png': 'x' * 14_000_000}, raw=True)\nprint(1)"
    assert text(kernel, code) == "… an output was too large and was left out.\n1\n"


def test_output_is_cut(kernel: StudentKernel) -> None:
    """Of a megabyte only the beginning is kept, and a line says so."""
    done = kernel.execute("for i in range(100): print('x' * 10_000)")
    assert sum(len(str(message)) for message in done.messages) < 150_000
    assert "the rest of this output was cut" in done.messages[-1]["content"]["text"]
    assert text(kernel, "print('still here')") == "still here\n"


def test_flood_ends_the_kernel(kit: Path) -> None:
    """A kernel that sends more than allowed is ended."""
    for flood in ("while True: print('x' * 100_000, flush=True)", "print('x' * 100_000_000)"):
        with StudentKernel(kit, "none", Limits(drained=2_000_000)) as kernel:
            assert kernel.execute(flood).status == "died"
            assert not kernel.alive


def test_deaf_to_interrupts(kernel: StudentKernel) -> None:
    """What cannot be interrupted is killed in bounded time."""
    code = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\ntime.sleep(100)"
    assert kernel.execute(code, timeout=0.3).status == "timeout"
    assert not kernel.alive


FORGERIES = {
    "no message": "agent.answer = lambda name, args: 'hello'",
    "not the codec's": "agent.answer = lambda name, args: (b'[[[', b'')",
    "very deep": "agent.answer = lambda name, args: (b'[' * 1_000_000, b'')",
    "a list": "agent.answer = lambda name, args: (b'[\"list\", []]', b'')",
    "bytes of no array": "agent.answer = lambda name, args: (b'1', b'123')",
    "raises": "agent.answer = lambda name, args: 1 / 0",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_replies(answered: StudentKernel, forgery: str) -> None:
    """A reply that is not what was asked for is an error, never a value."""
    answered.execute("from nnlab_inside import agent\n" + FORGERIES[forgery])
    with pytest.raises((BadReply, KernelDied)):
        answered.call("same", 1)


def test_huge_reply(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reply over the size of a message never reaches the grader."""
    monkeypatch.setattr(frames, "MAX_HEAD", 100_000)
    with StudentKernel(kit, "none", Limits(call=1)) as kernel:
        kernel.execute("def same(x): return 'x' * 1_000_000")
        with pytest.raises((CallTimeout, KernelDied, BadReply)):
            kernel.call("same", 1)


def test_liars_are_opaque(answered: StudentKernel) -> None:
    """Objects that claim to equal everything come back as a name."""
    answered.execute(
        "class L(float):\n    __eq__ = lambda s, o: True\nclass A(np.ndarray): pass\ndef lies(): return [L(1), np.ones(2).view(A)]"
    )
    assert [type(each) for each in answered.call("lies")] == [Opaque, Opaque]


def test_withheld_modules(kernel: StudentKernel) -> None:
    """The reference answers are not there, and the error says so; what is not withheld is."""
    assert "write the function yourself" in text(kernel, "from nnlab.activations import softmax")
    assert "write the function yourself" in text(kernel, "from nnlab import forward_propagation as f\nf.neuron")
    assert text(kernel, "from nnlab.activations import tanh\nprint(tanh(0.0))") == "0.0\n"
    assert text(kernel, "from nnlab import check, checkpoint, hint, plots, progress\ncheck(print)") == ""


def test_a_sandbox_of_its_own(kit: Path) -> None:
    """Where Linux cannot keep forks apart, each submission has a sandbox that ends with it, and is interrupted and restarted alike."""
    if why_not():
        pytest.skip(why_not())
    with StudentKernel(kit, "cold", QUICK) as kernel:
        kernel.execute(ANSWERS)
        with pytest.raises(CallTimeout):
            kernel.call("loops", timeout=0.3)
        assert kernel.call("same", 1) == 1
        with pytest.raises(KernelDied):
            kernel.call("dies")
        kernel.restart()
        assert text(kernel, "print(1)") == "1\n"
        sandbox = kernel._running._zygote
    assert not sandbox.alive


def test_a_warm_process_gets_ready_meanwhile(kit: Path) -> None:
    """Who starts one early does not wait for it, and the next submission is forked from it."""
    if why_not():
        pytest.skip(why_not())
    limits = Limits(cell=3.5)
    launch.warm_up(kit, limits)
    (zygote,) = [each for each in launch._zygotes if each.limits == limits]
    assert not zygote._warm
    with StudentKernel(kit, "bubblewrap", limits) as kernel:
        assert kernel._running._zygote is zygote


def test_older_kernels_share_no_sandbox(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below version 6 of Landlock a submission's own sandbox is what is started."""
    started: list[Any] = []
    before = list(launch._zygotes)
    monkeypatch.setattr(walls.confine, "landlock_version", lambda: 5)
    monkeypatch.setattr(launch, "launch_cold", lambda *args: started.append(args))
    launch.launch_bubblewrap(kit, QUICK)
    launch.warm_up(kit, QUICK)
    assert (started, launch._zygotes) == ([(kit, QUICK)], before)


def test_cage_has_no_network_and_no_files(caged: StudentKernel) -> None:
    """Inside bubblewrap there is no network, no one else's file, no other process, and one folder to write in."""
    assert "not permitted" in text(caged, "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)")
    for path in ("/etc/passwd", "/etc/shadow", str(ROOT / "README.md"), str(ROOT / "tests" / "hidden"), str(Path.home() / ".bashrc")):
        assert "No such file" in text(caged, f"open({path!r})"), path
    assert len(text(caged, "import os\nprint(' '.join(p for p in os.listdir('/proc') if p.isdigit()))").split()) <= 3
    for folder in ("/", "/usr", "/dev", "/kit", "/dev/shm/..", os.path.dirname(os.__file__)):
        assert text(caged, f"open('{folder}/x', 'w')"), folder
    assert text(caged, "open('x', 'w').write('1'); print('written')") == "written\n"


def test_cage_is_no_root(caged: StudentKernel) -> None:
    """Inside bubblewrap the user is an ordinary one without capabilities, who can get none."""
    status = text(caged, "print(open('/proc/self/status').read())")
    assert "CapEff:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert text(caged, "import os; print(os.getuid() != 0)") == "True\n"
    assert text(caged, "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))") == "-1\n"


def test_cage_disk_is_limited(caged: StudentKernel) -> None:
    """The one writable folder has a size."""
    code = "for i in range(9):\n    with open(f'f{i}', 'wb') as f: f.write(bytes(20_000_000))"
    assert "No space left" in text(caged, code)


def holders(marker: str) -> list[str]:
    """Return the processes whose command line holds a marker."""
    lines = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            lines.append((folder / "cmdline").read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue
    return [line for line in lines if marker in line]


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_nothing_is_left_behind(kernel: StudentKernel) -> None:
    """After closing, no process of the submission runs and its folder is gone, whatever it started."""
    said = text(kernel, "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(987654)'])")
    folder = Path(text(kernel, "import os; print(os.getcwd())").strip())
    assert holders("sleep(987654)") or "not permitted" in said
    kernel.close()
    assert not holders("sleep(987654)")
    assert folder.parts[-2:] == ("tmp", "work") or not folder.exists()
