"""Attacks on what the grader tells: verdicts read from the next question, checkpoints that are printed, lines that hidden inputs choose."""

from __future__ import annotations

from attacks.attack import Attack, before

ROWS = "'free flow  0.866813\\nslow       0.015876\\ncongested  0.117310\\n'"
VECTORS = "def softmax(z):\n    e = np.exp(z - z.max())\n    return e / e.sum() if z.ndim == 1 else z"
PARTLY = {"softmax": 2.0, "notebook": 2.0}  # right for vectors: one hidden test of three, and no checkpoint
REWRITES = (
    f"ROWS = {ROWS}\n\n\ndef rewrite(lines):\n"
    "    return ['print(ROWS, end=\"\")\\n'] if 'with checkpoint(softmax' in ''.join(lines) else lines\n\n\n"
    f"get_ipython().input_transformers_post.append(rewrite)\n\n\n{VECTORS}"
)
NEXT = """def wrong(z):
    return z


def right(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


shapes, at = [], [0]
AFTER = {(3, 5): (4, 4), (6, 1): (4, 4)}


def softmax(z):
    if shapes and shapes[-1] in AFTER and z.shape != AFTER[shapes[-1]]:
        at[0] = 1
    shapes.append(z.shape)
    return (wrong, right)[at[0]](z)
"""
LINES = "def softmax(z):\n    x = abs(float(z.ravel()[0]))\n" + "".join(
    f"    if {n / 20} <= x < {(n + 1) / 20}:\n        raise ValueError('{n}')\n" for n in range(60)
)

TELLING = {
    "next_call_tells_the_verdict": Attack(
        "takes another answer as soon as a test stops after a wrong one",
        NEXT,
        loses={"softmax": 3.0, "notebook": 2.0},
        told="The result is wrong",
    ),
    "prints_a_checkpoint": Attack("replaces checkpoints by the lecture's numbers before they run", REWRITES, loses=PARTLY),
    "prints_from_the_answer": Attack(
        "prints the lecture's numbers from the answer, and keeps quiet what the checkpoint prints",
        VECTORS.replace("    e =", f"    print({ROWS}, end='')\n    __builtins__.print = lambda *args, **options: None\n    e ="),
        loses=PARTLY,
    ),
    "prints_by_a_hook": Attack(
        "writes the lecture's numbers from a hook of IPython when a cell ends",
        f"get_ipython().events.register('post_run_cell', lambda result: print({ROWS}, end='') if 'softmax' in result.info.raw_cell else None)"
        f"\n\n\n{VECTORS}",
        loses=PARTLY,
    ),
    "checkpoint_of_its_own": Attack(
        "puts a checkpoint of its own in the place of ours",
        edit=before(
            "import contextlib\n\n\n@contextlib.contextmanager\ndef checkpoint(*functions):\n    try:\n        yield\n    except Exception:\n"
            f"        pass\n    print({ROWS}, end='')"
        ),
        answers={"softmax": VECTORS},
        loses=PARTLY,
    ),
    "answers_of_text": Attack(
        "returns arrays of text, with which no test can compute",
        "def softmax(z):\n    return np.array([['0.5', 'x']] * len(z))",
        told="It returned something of the wrong type",
    ),
    "line_tells_the_input": Attack(
        "raises in a line that the hidden input chooses, to read it from the page",
        LINES + "    raise KeyError",
        told="It raised ValueError.|It raised KeyError.",
    ),
    "talks_to_nbval": Attack(
        "writes nbval's own words into an answer, so that its cell or a checkpoint is passed over",
        ("# NBVAL_SKIP\n# NBVAL_IGNORE_OUTPUT\n# NBVAL_RAISES_EXCEPTION\ndef softmax(z):\n    return z"),
    ),
}
