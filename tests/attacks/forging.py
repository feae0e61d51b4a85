"""Attacks that lie: to the comparison, about values, in the protocol, about where they run."""

from __future__ import annotations

from attacks.attack import WRONG, Attack
from sample_class import cell

from nnlab.workbook.source import role

CHECKER = {
    "patch_numpy": Attack(
        "makes NumPy's comparisons always say yes",
        "np.isclose = np.allclose = np.array_equal = np.isfinite = lambda *args, **options: np.True_\n"
        f"np.testing.assert_allclose = lambda *args, **options: None\n\n{WRONG}",
    ),
    "patch_the_agent": Attack(
        "puts a function of its own in the place of the half of the grader that runs beside it",
        "import json\nfrom nnlab_inside import agent\n\nhonest = agent.answer\n\n\ndef answer(name, args):\n"
        "    return (json.dumps({'passed': True, 'points': 3}).encode(), b'') if name == 'softmax' else honest(name, args)\n\n\n"
        f"agent.answer = answer\n\n{WRONG}",
        told="no data that can be compared",
    ),
    "patch_the_codec": Attack(
        "encodes every answer as something that equals everything",
        "from nnlab_inside import codec\n\nhonest = codec._Encoder.encode\n\n\ndef encode(self, value, depth=0):\n"
        "    return ['equal', True] if getattr(value, 'ndim', 0) == 99 else honest(self, value, depth)\n\n\ncodec._Encoder.encode = encode\n\n\n"
        "class Equal:\n    ndim = 99\n\n\ndef softmax(z):\n    return Equal()",
    ),
    "patch_pytest": Attack(
        "patches pytest, nbval and unittest where it runs, and sets their environment variables",
        "import os, sys, types, unittest\n\nos.environ['PYTEST_ADDOPTS'] = '--collect-only'\n"
        "sys.modules['pytest'] = sys.modules['nbval'] = types.ModuleType('pytest')\n"
        f"unittest.TestCase.assertEqual = lambda *args: None\n__builtins__.AssertionError = Warning\n\n{WRONG}",
    ),
    "raise_a_skip": Attack(
        "raises what pytest takes for skipped, expected to fail or the end of all tests",
        "class Skipped(BaseException):\n    pass\n\n\nclass Exit(Skipped):\n    pass\n\n\nExit.__qualname__ = Exit.__name__ = '<b>Exit</b>'\n\n\n"
        "def softmax(z):\n    raise (Exit if z.ndim == 1 else Skipped)('passed')",
        told="It raised an exception in line",
    ),
    "switch_checks_off": Attack(
        "writes nbval's marks, magics and tags that switch checks off",
        f"# NBVAL_SKIP\n# NBVAL_IGNORE_OUTPUT\n# NBVAL_RAISES_EXCEPTION\n%pdb off\n{WRONG}",
        edit=lambda notebook: [each.metadata.update(tags=["nbval-skip", "raises-exception", "remove-cell"]) for each in notebook.cells],
    ),
    "print_the_checkpoints": Attack(
        "prints in every checkpoint what the lecture prints, whatever the answers are",
        answers={name: f"def {name}(*args):\n    return 0" for name in ("fc_layer", "init_params", "forward", "run_feedback")}
        | {
            "softmax": "from contextlib import contextmanager\n\n\n@contextmanager\ndef checkpoint(*functions):\n"
            "    name = functions[0].__name__ if len(functions) != 2 else 'two'\n    __builtins__.print(LINES[name], end='')\n    try:\n        yield\n    except BaseException:\n        pass\n\n\n"
            "def print(*args):\n    pass\n\n\ndef softmax(z):\n    return z[0]\n\n\n"
            "def fc_layer(*args):\n    return np.zeros(1), np.zeros(1)\n\n\n"
            "LINES = @CHECKPOINTS@"
        },
        loses={"softmax": 3, "fc_layer": 3, "init_params": 3, "forward": 4, "run_feedback": 2, "notebook": 4},
        told="no hidden test of",
    ),
}  # fmt: skip

EVERYTHING = "__eq__ = __le__ = __ge__ = lambda self, other: True\n    __ne__ = __lt__ = __gt__ = lambda self, other: False"
VALUES = {
    "equal_to_everything": Attack(
        "returns an object that equals everything and has every attribute",
        f"class Equal:\n    {EVERYTHING}\n    shape = property(lambda self: self)\n    __array__ = lambda self, *args, **options: self\n"
        "    __getattr__ = lambda self, name: self\n\n\ndef softmax(z):\n    return Equal()",
        told="wrong type",
    ),
    "array_subclass": Attack(
        "returns an array subclass that answers all comparisons and functions of NumPy",
        f"class Equal(np.ndarray):\n    {EVERYTHING}\n    __array_function__ = __array_ufunc__ = lambda self, *args, **options: np.True_\n\n\n"
        "def softmax(z):\n    return z.view(Equal)",
        told="wrong type",
    ),
    "number_subclasses": Attack(
        "returns numbers and tuples of classes of its own",
        answers={
            "softmax": f"class Real(float):\n    {EVERYTHING}\n\n\nclass Pair(tuple):\n    {EVERYTHING}\n    __len__ = lambda self: 2\n\n\n"
            "def softmax(z):\n    return Real(1)",
            "dense_shape": "def dense_shape(W_shape, a_shape):\n    return Pair()",
        },
        loses={"softmax": 3, "notebook": 2, "dense_shape": 2},
    ),
    "arrays_of_objects": Attack(
        "returns arrays of objects, records, masks, dates and texts",
        "kinds = [lambda z: z.astype(object), lambda z: np.ma.masked_array(z, True), lambda z: z.astype('M8[s]'), lambda z: z.astype('U9'),\n"
        "         lambda z: z.astype([('x', float)]), lambda z: np.rec.array(z), lambda z: z.astype(complex) * 1j, memoryview]\n\n\n"
        "def softmax(z):\n    kinds.append(kinds.pop(0))\n    return kinds[0](z)",
        told="wrong type",
    ),
    "text_as_a_number": Attack(
        "returns text in an array without axes, and an integer of a thousand digits, where a number is expected",
        answers={
            "neuron": "def neuron(w, a, b, f):\n    return np.array('1') if len(w) == 1 else 2**3900",
            "dense_shape": "def dense_shape(W_shape, a_shape):\n    return (10**900, np.array('x'))",
        },
        loses={"neuron": 2, "dense_shape": 2},
        told="wrong type",
    ),
    "nan_and_infinity": Attack(
        "returns nan and infinity, which differ from nothing in a careless comparison",
        "def softmax(z):\n    return np.full(z.shape, np.nan if z.ndim == 1 else np.inf)",
        told="nan or inf",
    ),
    "broadcasting": Attack(
        "returns shapes that broadcast against the expected one: none, ones, too many axes",
        "def softmax(z):\n    return [np.zeros(()), np.zeros((1,) * (z.ndim + 1)), np.zeros((0, *z.shape))][z.size % 3]",
        told="wrong shape",
    ),
    "same_object_twice": Attack(
        "returns lists that hold themselves, and generators",
        "def softmax(z):\n    a = []\n    a.append(a)\n    return a if z.ndim == 1 else (each for each in z)",
    ),
}  # fmt: skip

ANSWERS_WITH = "import json\nfrom nnlab_inside import agent\n\n\ndef softmax(z):\n    return 0\n\n\nhonest = agent.answer\n\n\ndef answer(name, args):\n    return {message} if name == 'softmax' else honest(name, args)\n\n\nagent.answer = answer"


def replies(head: str, body: str = "b''") -> str:
    """Return an answer that replies with a message of its own to calls of softmax."""
    return ANSWERS_WITH.replace("{message}", f"(({head}).encode(), {body})")


TOLD = "json.dumps(['dict', [['value', {value}], ['arguments', ['list', []]]]])"
# What an attacker finds of the protocol in its own process: the socket, the link on it and the loop that reads requests.
LINK = (
    "import gc, socket, struct\nfrom nnlab_inside import frames\nfrom nnlab_inside.loop import Loop\n\nloop = next(each for each in gc.get_objects() if isinstance(each, Loop))\n"
    "end = loop._link._socket\n\n\ndef frame(kind, head=b'', body=b'', ahead=0, heads=None, bodies=None):\n"
    "    lengths = len(head) if heads is None else heads, len(body) if bodies is None else bodies\n"
    "    return struct.pack('!cIII', kind, loop._number + ahead, *lengths) + head + body\n\n\n"
    "def output(kind, content):\n    return frame(b'o', json.dumps([kind, content]).encode())\n\n\n"
)


def in_a_call(*body: str) -> str:
    """Return an answer to softmax that does something with the socket when it is called, and is wrong."""
    lines = "".join(f"    {line}\n" for line in body)
    return f"import json\n{LINK}def softmax(z):\n{lines}    return z"


def in_a_cell(*body: str) -> str:
    """Return an answer to softmax that does something with the socket in its cell, and is wrong."""
    return f"import json\n{LINK}" + "\n".join(body) + f"\n\n\n{WRONG}"


GONE = "ended the Python process|no data that can be compared|no answer in time|did not end in time"
PROTOCOL = {
    "forge_the_reply": Attack(
        "sends a reply of its own to the call it is in, which says that the test has passed",
        in_a_call("end.sendall(frame(b'a', b'{\"passed\": true}'))"),
        told=GONE,
    ),
    "forge_ahead": Attack(
        "sends replies and outputs for the requests that will come next",
        in_a_call("for i in range(1, 50): end.sendall(frame(b'a', b'true', ahead=i) + frame(b'o', b'[]', ahead=i))"),
    ),
    "forge_outputs": Attack(
        "sends outputs, errors, clear-output, comms and shutdown messages that are none",
        in_a_cell(
            "for kind, content in {'stream': {}, 'display_data': {'data': 3}, 'execute_result': {'data': {'text/plain': ['']}, 'metadata': 0},",
            "                      'error': {'ename': 3, 'evalue': None, 'traceback': 7}, 'clear_output': {}, 'comm_open': {'comm_id': 'x'},",
            "                      'shutdown_reply': {'restart': False}, 'status': {'execution_state': 'dead'}, 'passed': {}}.items():",
            "    end.sendall(output(kind, content))",
        ),
    ),
    "send_garbage": Attack("sends bytes that are no frames", in_a_call("end.sendall(b'\\xff' * 99_999)"), told=GONE),
    "unknown_frames": Attack("sends frames of kinds that there are none of, requests among them", in_a_call("for kind in (b'x', b'c', b'z', b'\\0'): end.sendall(frame(kind, b'1'))")),
    "deep_messages": Attack(
        "sends outputs nested nine hundred and a hundred thousand deep",
        in_a_cell(
            "deep = []",
            "for _ in range(900): deep = [deep]",
            "for kind in ('display_data', 'stream', 'error'): end.sendall(output(kind, {'data': {'text/plain': deep}, 'name': deep, 'text': deep}))",
            "end.sendall(frame(b'o', b'[' * 100_000))",
        ),
    ),
    "surrogates_in_errors": Attack(
        "raises an error whose name and message are half characters, which no database stores",
        in_a_cell("end.sendall(output('error', {'ename': 'Wrong\\ud800', 'evalue': '\\udfff\\x00\\x1b[2J', 'traceback': []}))", "raise ValueError('\\udfff')"),
        told="The cell raised Wrong",
    ),
    "huge_replies": Attack(
        "replies with arrays and texts far larger than allowed",
        "def softmax(z):\n    return np.ones(30_000_000) if z.ndim == 1 else 'x' * 15_000_000",
    ),
    "huge_lengths": Attack(
        "announces frames of four gigabytes and never sends them",
        in_a_call("end.sendall(frame(b'a', heads=2**32 - 1, bodies=2**32 - 1))"), told=GONE,
    ),
    "largest_head": Attack("announces the largest head that is allowed, and sends half of it", in_a_call("end.sendall(frame(b'a', b'0' * (frames.MAX_HEAD // 2), heads=frames.MAX_HEAD))"), told=GONE),
    "head_over_the_cap": Attack("sends a head of one byte more than is allowed", in_a_call("end.sendall(frame(b'a', b'0' * (frames.MAX_HEAD + 1)))"), told=GONE),
    "largest_body": Attack("sends the largest body that is allowed, with nothing that it belongs to", in_a_call("end.sendall(frame(b'a', b'1', bytes(frames.MAX_BODY)))"), told=GONE),
    "body_over_the_cap": Attack("sends a body of one byte more than is allowed", in_a_call("end.sendall(frame(b'a', b'1', bytes(frames.MAX_BODY + 1)))"), told=GONE),
    "frames_without_end": Attack("sends frames with nothing in them without end", in_a_call("while True: end.sendall(frame(b'o') * 1000)"), told=GONE),
    "stale_frames_without_end": Attack("sends answers to an earlier request without end", in_a_call("while True: end.sendall(frame(b'a', b'true', ahead=-1) * 1000)"), told=GONE),
    "drop_by_drop": Attack("sends its answer a byte at a time, for ever", in_a_call("import time", "while True: end.sendall(b'a' if end else b''); time.sleep(0.01)"), told=GONE),
    "half_a_frame": Attack("sends the first half of a frame and then answers honestly", in_a_call("end.sendall(frame(b'a', b'true')[:9])"), told=GONE),
    "hang_up": Attack("hangs up in both directions", in_a_call("end.shutdown(socket.SHUT_RDWR)"), told=GONE),
    "stop_writing": Attack("hangs up in the direction of the grader and listens on", in_a_call("end.shutdown(socket.SHUT_WR)", "import time", "time.sleep(60)"), told=GONE),
    "stop_reading": Attack("hangs up in the direction of itself", in_a_call("end.shutdown(socket.SHUT_RD)")),
    "read_ahead": Attack("takes the grader's next requests off the socket in a thread", in_a_call("import threading", "threading.Thread(target=lambda: [end.recv(1 << 20) for _ in range(9)], daemon=True).start()")),
    "dates": Attack(
        "sends heads full of a hundred thousand dates and numbers, which take long to read elsewhere",
        in_a_cell("for _ in range(40): end.sendall(frame(b'o', json.dumps(['stream', {'name': 'stdout', 'text': 'x', 'dates': ['2026-01-01T00:00:00.000000Z'] * 100_000}]).encode()))"),
    ),
    "endless_message": Attack(
        "sends one output of frames that are small enough each and never end, so that it never arrives and only grows",
        in_a_cell("while True: end.sendall(output('stream', {'name': 'stdout', 'text': 'x' * 1_000_000}))"), told=GONE,
    ),
    "many_values": Attack(
        "replies with a million values", "def softmax(z):\n    return list(range(1_000_000))", told="no data that can be compared"
    ),
    "deep_replies": Attack(
        "replies with lists in lists, thousands deep, from the codec and around it",
        replies("'[' * 1_000_000 if args[0].ndim == 1 else '[\"list\", [' * 2_000"), told="no data that can be compared",
    ),
    "colliding_keys": Attack(
        "replies with a dictionary whose keys all have the same hash, so that reading it takes minutes",
        replies("json.dumps(['dict', [[['int', hex(k * (2**61 - 1))], 0] for k in range(45_000)]])"), told="no data that can be compared",
    ),
    "malformed_arrays": Attack(
        "replies with arrays whose descriptions lie: huge shapes, objects, dates, records, text that is no text, bytes that are not there",
        replies(TOLD.format(value="['array', next(arrays)]"), "bytes(8)").replace(
            "import json\n",
            "import itertools, json\n"
            "arrays = itertools.cycle([['<f8', [2**62, 4]], ['<f8', [999999999999, 8, -1]], ['|O', [1]], ['<M8[s]', [1]], ['<f8,<f8', [1]], ['<f8', [[]]], ['<f8', 3],\n"
            "                          ['<U2', [1]], ['|V8', [1]], ['<f8', [1.0]], ['<f8', [True]], ['<f' + '8' * 5000, [1]], [8, [1]], ['<f8', [2]], ['<f8', []] * 2])\n",
        ),
        told="no data that can be compared",
    ),
    "pickled_replies": Attack(
        "replies with pickles, and with names, calls and generators for the grader to look up and make",
        replies(TOLD.format(value="next(values)")).replace(
            "import json\n",
            "import itertools, json\nvalues = itertools.cycle([['pickle', 'gASVHwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu'], ['call', ['os._exit', 3]], ['name', 'numpy.tanh'], ['own', 'softmax'],\n"
            "                          ['random state', ['dict', [['bit_generator', 'seed']]]], ['eval', 'expected']])\n",
        ),
    ),
    "lie_about_errors": Attack(
        "tells errors with a type, a line and a message of its own making",
        replies("json.dumps(['dict', [['error', ['dict', [['type', '<script>alert(1)</script>' * 99], ['line', 10**30], ['message', 'x']]]]]])"),
        told="It raised an exception.",
    ),
}  # fmt: skip

DETECTING = {
    "behave_when_watched": Attack(
        "answers rightly unless it finds that it is being graded",
        "import sys\n\n\ndef softmax(z):\n    if 'nnlab_inside' in sys.modules or 'ipykernel' not in sys.modules:\n        return z\n    e = np.exp(z - z.max(axis=0))\n    return e / e.sum(axis=0)",
        told="The result is wrong.",
    ),
    "know_the_examples": Attack(
        "knows the visible checks' and the lecture's inputs by heart and nothing else",
        "def softmax(z):\n    known = {(10.0, 6.0, 8.0): [[0.866814], [0.015877], [0.117310]]}\n    return np.array(known.get(tuple(z.ravel()), z))",
        told="The result is wrong.",
    ),
    "remember_the_calls": Attack(
        "counts its calls and gives back what it was given or gave before",
        "seen = []\n\n\ndef softmax(z):\n    seen.append(z)\n    return seen[len(seen) // 2]",
    ),
    "ask_another_function": Attack(
        "lets the grader's own arguments and the other answers compute for it",
        "import inspect\n\n\ndef softmax(z):\n    for frame in inspect.stack():\n        for value in frame.frame.f_locals.values():\n"
        "            if callable(value) and getattr(value, '__name__', '') in ('expected', 'softmax') and value is not softmax:\n                return value(z)\n    return z",
    ),
}


def emptied(notebook):
    """Take all check cells out, and the honest cells around them."""
    notebook.cells = [each for each in notebook.cells if role(each)[0] == "exercise"][::-1]


def claimed(notebook):
    """Raise the points of every cell, and say that all are graded already."""
    for each in notebook.cells:
        each.metadata.setdefault("nbgrader", {}).update(points=1000, grade=True, locked=False, solution=True, schema_version=3)
        each.metadata["nbgrader"].setdefault("grade_id", "softmax-2")
    notebook.metadata.update(nbgrader={"points": 1000}, points=1000)


def pretended(notebook):
    """Add cells that call themselves checkpoints, with outputs, and change ours to print what they like."""
    for each in notebook.cells:
        if role(each)[0] in ("check", "checkpoint"):
            each.source = "print('all visible checks passed')"
    twin = cell(notebook, "checkpoint", "seed_42").copy()
    notebook.cells += [{**twin, "id": f"seed_42_{i}", "source": "print('as in the lecture')"} for i in range(3)]
    notebook.cells += [{**twin, "id": "student-1", "metadata": {"nnlab": {"checkpoint": "mine"}}, "source": "1 + 1"}]


CELLS = {
    "reorder_and_delete": Attack("deletes every cell but the answers and turns their order round", edit=emptied, told="had been changed or removed"),
    "claim_points": Attack("raises the points in the metadata of its cells and unlocks them", WRONG, edit=claimed),
    "pretend_checkpoints": Attack("changes our checks to print praise, and adds checkpoints of its own", WRONG, edit=pretended),
    "copy_the_answer_cell": Attack(
        "hands in its answer cell three thousand times, the last time with a wrong answer",
        loses={"softmax": 3, "notebook": 2},
        edit=lambda notebook: notebook.cells.extend({**cell(notebook, "exercise", "softmax"), "source": f"{WRONG}# {i}", "id": f"c{i}"} for i in range(3000)),
        told="There were 3001 cells",
    ),
    "thousands_of_cells": Attack(
        "adds three thousand cells of its own",
        edit=lambda notebook: notebook.cells.extend({"cell_type": "code", "id": f"c{i}", "metadata": {}, "outputs": [], "execution_count": None, "source": f"x_{i} = {i}"} for i in range(3000)),
        told="cells of your own",
    ),
    "ids_that_are_lists": Attack(
        "writes lists, numbers and objects where ids, kinds, metadata and sources are expected",
        edit=lambda notebook: notebook.cells.extend({"cell_type": kind, "id": [kind], "metadata": {"nbgrader": [], "nnlab": 3}, "source": ""} for kind in ("code", "none", "raw")),
    ),
}  # fmt: skip
