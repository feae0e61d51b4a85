"""Run a chapter's solution notebook in a WebAssembly Python, then put every mutant and variant to its check; print what happened as JSON.

Beside this file lie `nnlab/` as the wheel holds it, `solutions/` and `mutants/`. There is no IPython here, and no widgets.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import runpy
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


def main(chapter):
    """Print one line: what the cells printed and raised, what each mutant was told, and how long both took."""
    cells = json.loads((HERE / "solutions" / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    start = time.perf_counter()
    space = {"__name__": "__main__"}
    ran = [
        dict(zip(("said", "raised", "seconds"), run("".join(cell["source"]), cell["id"], space), strict=True), id=cell["id"])
        for cell in code
    ]
    middle = time.perf_counter()
    told = list(judged(chapter))
    end = time.perf_counter()
    print(json.dumps({"platform": platform(), "cells": ran, "answers": told, "seconds": [middle - start, end - middle]}))


def platform():
    """Say what kind of Python this is."""
    import threading

    import numpy as np

    try:
        threading.Thread(target=print).start()
        threads = True
    except RuntimeError:
        threads = False
    with np.errstate(all="raise"):
        overflow = str(np.exp(np.float64(1000.0)))
    return {"name": sys.platform, "integer": str(np.array([1]).dtype), "overflow": overflow, "threads": threads}


def run(source, name, space):
    """Run a cell as a notebook does; return what it printed, the value of its last line too, what it raised, and its seconds."""
    said, raised, start = io.StringIO(), "", time.perf_counter()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            body = ast.parse(source).body
            last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), name, "exec"), space)
            if last is not None and (value := eval(compile(ast.Expression(last.value), name, "eval"), space)) is not None:
                print(repr(value))
    except BaseException as error:
        raised = f"{type(error).__name__}: {error}"
    return said.getvalue(), raised, time.perf_counter() - start


def judged(chapter):
    """Yield (exercise, name, expected message, whether it passed, what was said) of each mutant and variant.

    None is expected of a variant, and of a mutant that only hidden tests can tell from a right answer.
    """
    import numpy as np

    from nnlab.checks import chapters
    from nnlab.checks._judging.engine import examine

    declared = chapters()[chapter]
    path = HERE / "mutants" / f"{chapter}.py"
    if not path.exists():
        return
    tables = runpy.run_path(str(path))
    given = given_names(chapter)
    rows = [(exercise, key, *answer) for exercise, answers in tables["MUTANTS"].items() for key, answer in answers.items()]
    rows += [(exercise, key, answer, None) for exercise, answers in tables["VARIANTS"].items() for key, answer in answers.items()]
    for exercise, key, source, message in rows:
        space = {"np": np, "__name__": "__main__", **given, **{each.name: each.reference for each in declared.exercises}}
        _, raised, _ = run(source, key, space)
        report = None if raised else examine(declared[exercise], space[exercise])
        yield exercise, key, message, bool(report and report.passed), raised or report.message


def given_names(chapter):
    """Return what the chapter's own cells import, and the functions they define, as `support.given` does."""
    cells = json.loads((HERE / "solutions" / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    body = []
    for cell in cells:
        known = cell["metadata"].get("nnlab", {})
        if (
            cell["cell_type"] == "code"
            and not {"exercise", "check", "checkpoint"} & set(known)
            and "demo" not in cell["metadata"].get("tags", ())
        ):
            body += [
                node for node in ast.parse("".join(cell["source"])).body if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef)
            ]
    names = {}
    exec(compile(ast.Module(body, []), chapter, "exec"), names)
    return names


if __name__ == "__main__":
    main(*sys.argv[1:])
