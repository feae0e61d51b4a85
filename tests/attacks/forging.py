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
        "import json\nfrom nnlab_inside import agent\n\nhonest = agent.call\n\n\ndef call(request):\n"
        "    return agent.Reply(json.dumps({'passed': True, 'points': 3})) if 'softmax' in request else honest(request)\n\n\n"
        f"agent.call = call\n\n{WRONG}",
        told="no data that can be compared",
    ),
    "patch_the_codec": Attack(
        "encodes every answer as something that equals everything",
        "from nnlab_inside import codec\n\nhonest = codec.encode\n\n\ndef encode(value, depth=0):\n"
        "    return ['equal', True] if getattr(value, 'ndim', 0) == 99 else honest(value, depth)\n\n\ncodec.encode = encode\n\n\n"
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
        answers={name: f"def {name}(*args):\n    return 0" for name in ("sigmoid", "fc_layer", "init_params", "forward")}
        | {
            "softmax": "from contextlib import contextmanager\n\n\n@contextmanager\ndef checkpoint(*functions):\n"
            "    name = functions[0].__name__ if len(functions) != 2 else 'two'\n    __builtins__.print(LINES[name], end='')\n    try:\n        yield\n    except BaseException:\n        pass\n\n\n"
            "def print(*args):\n    pass\n\n\ndef softmax(z):\n    return z[0]\n\n\n"
            "def fc_layer(*args):\n    return np.zeros(1), np.zeros(1)\n\n\n"
            "LINES = @CHECKPOINTS@"
        },
        loses={"sigmoid": 2, "softmax": 3, "fc_layer": 3, "init_params": 3, "forward": 4, "notebook": 4},
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

ANSWERS_WITH = "import json\nfrom nnlab_inside import agent\n\n\ndef softmax(z):\n    return 0\n\n\nhonest = agent.call\n\n\ndef call(request):\n    return agent.Reply({text}) if 'softmax' in request else honest(request)\n\n\nagent.call = call"


def replies(text: str) -> str:
    """Return an answer that replies with a text of its own to calls of softmax."""
    return ANSWERS_WITH.replace("{text}", text)


NPY = "json.dumps(['dict', [['error', None], ['value', ['array', base64.b64encode({bytes}).decode()]], ['arguments', ['list', []]]]])"
HEADER = "b'\\x93NUMPY\\x01\\x00' + len({header}).to_bytes(2, 'little') + {header} + bytes(8)"
KERNEL = (
    "kernel = get_ipython().kernel\nsession, shell, iopub = kernel.session, kernel.shell_stream, kernel.iopub_socket\n\n\n"
    "def me():\n    ident = kernel._parent_ident['shell']\n    return ident[0] if isinstance(ident, list) else ident\n"
)

PROTOCOL = {
    "forge_the_reply": Attack(
        "sends a signed reply of its own to the call it is in, which says that the test has passed",
        f"{KERNEL}\n\ndef softmax(z):\n    parent = kernel.get_parent()\n    content = {{'status': 'ok', 'user_expressions': {{'r': {{'data': {{'application/x-nnlab': '{{\"passed\": true}}'}}}}}}}}\n"
        "    session.send(shell, 'execute_reply', content, parent, ident=[me()])\n"
        "    shell.flush()\n    return z",
    ),
    "forge_ahead": Attack(
        "sends signed replies and outputs for the requests that will come next",
        f"{KERNEL}\n\ndef softmax(z):\n    parent = kernel.get_parent()\n    start, count = parent['header']['msg_id'].rsplit('_', 1)\n"
        "    for i in range(1, 50):\n        ahead = {**parent, 'header': {**parent['header'], 'msg_id': f'{start}_{int(count) + i}'}}\n"
        "        session.send(shell, 'execute_reply', {'status': 'ok', 'user_expressions': {}}, ahead, ident=[me()])\n"
        "        session.send(iopub, 'status', {'execution_state': 'idle'}, ahead)\n    shell.flush()\n    return z",
    ),
    "forge_outputs": Attack(
        "sends outputs, errors, clear-output, comms and shutdown messages signed with the session key",
        f"{KERNEL}\nparent = kernel.get_parent()\nfor kind, content in {{'stream': {{}}, 'display_data': {{'data': 3}}, 'execute_result': {{'data': {{'text/plain': ['']}}, 'metadata': 0}},\n"
        "                      'error': {'ename': 3, 'evalue': None, 'traceback': 7}, 'clear_output': {}, 'comm_open': {'comm_id': 'x'},\n"
        f"                      'shutdown_reply': {{'restart': False}}, 'status': {{'execution_state': 'dead'}}, 'passed': {{}}}}.items():\n    session.send(iopub, kind, content, parent)\n\n{WRONG}",
    ),
    "send_garbage": Attack(
        "sends frames that are no messages, unsigned ones, and the same signature twice",
        f"{KERNEL}\nimport zmq\n\n\ndef softmax(z):\n    ident = me()\n"
        "    for frames in ([b''], [b'<IDS|MSG>'], [b'<IDS|MSG>', b'', b'{}', b'{}', b'{}', b'{}'], [b'\\xff' * 9] * 9):\n"
        "        kernel.shell_stream.socket.send_multipart([ident, *frames])\n    return z",
        told="It ended the Python process|no data that can be compared",
    ),
    "deep_messages": Attack(
        "sends signed outputs nested nine hundred deep, and dates and texts that are none",
        f"{KERNEL}\nparent = kernel.get_parent()\ndeep = []\nfor _ in range(900):\n    deep = [deep]\n"
        "for content in ({'data': {'text/plain': deep}, 'metadata': {}}, {'name': deep, 'text': deep}):\n"
        "    for kind in ('display_data', 'stream', 'error'):\n        session.send(iopub, kind, content, parent)\n"
        f"session.send(iopub, 'stream', {{'name': 'stdout', 'text': 'x'}}, {{**parent, 'header': {{**parent['header'], 'date': '0000-99-99T99:99:99'}}}})\n\n{WRONG}",
    ),
    "surrogates_in_errors": Attack(
        "sends an error whose name and message are half characters, which no database stores",
        f"{KERNEL}\nimport json\n\nparent = kernel.get_parent()\nsession.pack = lambda obj: json.dumps(obj, default=str).encode()\n"
        "session.send(iopub, 'error', {'ename': 'Wrong\\ud800', 'evalue': '\\udfff\\x00\\x1b[2J', 'traceback': []}, parent)\n\n\ndef softmax(z):\n    raise ValueError",
        told="The cell raised Wrong",
    ),
    "huge_replies": Attack(
        "replies with arrays and texts far larger than allowed",
        "def softmax(z):\n    return np.ones(30_000_000) if z.ndim == 1 else 'x' * 15_000_000",
    ),
    "endless_message": Attack(
        "sends one message of frames that are small enough each and never end, so that it never arrives and only grows",
        f"{KERNEL}\nkernel.iopub_thread.socket.send_multipart([bytes(15_000_000)] * 2_000, copy=False)\n\n\n{WRONG}",
    ),
    "many_values": Attack(
        "replies with a million values", "def softmax(z):\n    return list(range(1_000_000))", told="no data that can be compared"
    ),
    "deep_replies": Attack(
        "replies with lists in lists, thousands deep, from the codec and around it",
        replies("'[' * 1_000_000 if 'array' in request else json.dumps('x') "), told="no data that can be compared",
    ),
    "colliding_keys": Attack(
        "replies with a dictionary whose keys all have the same hash, so that reading it takes minutes",
        replies("json.dumps(['dict', [[['int', hex(k * (2**61 - 1))], 0] for k in range(45_000)]])"), told="no data that can be compared",
    ),
    "malformed_arrays": Attack(
        "replies with arrays whose headers lie: huge shapes, objects, endless brackets, text that is no Python",
        replies(
            "make(next(headers))"
        ).replace(
            "import json\n",
            "import base64, itertools, json\n"
            "headers = itertools.cycle([b\"{'descr': '<f8', 'fortran_order': False, 'shape': (\", b'(' * 900, b'-' * 990 + b'1', b\"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\",\n"
            "                           b\"{'descr': '<f8', 'fortran_order': False, 'shape': (2**62, 4), }\", b'\\xff\\xfe' * 9, b\"{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999, 8, -1), }\"])\n\n\n"
            f"def make(header):\n    return {NPY.format(bytes=HEADER.format(header='header'))}\n\n\n",
        ),
        told="no data that can be compared",
    ),
    "pickled_replies": Attack(
        "replies with pickles, and with names and calls for the grader to look up and make",
        replies("json.dumps(['dict', [['error', None], ['value', next(values)], ['arguments', ['list', []]]]])").replace(
            "import json\n",
            "import itertools, json\nvalues = itertools.cycle([['pickle', 'gASVHwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu'], ['call', ['os._exit', 3]], ['name', 'numpy.tanh'], ['eval', 'expected']])\n",
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
