"""nbval as the judge of cells. Its plugin is set up once a process: no session of pytest runs, and no folder is looked at."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell, IPyNbFile, coalesce_streams, find_metadata_tags

from nnlab.grading.marking.session import NbvalKernel, Session

NOWHERE = Path(os.devnull).parent / "no such place"
QUIET = ("-c", os.devnull, "--rootdir", str(NOWHERE.parent), "--noconftest", "--color=no", "-s", "-W", "ignore", "-pno:cacheprovider")


@dataclass(frozen=True)
class CellResult:
    """A code cell that was run: whether nbval found it as it should be, and its outputs."""

    cell: NotebookNode
    fine: bool
    outputs: Sequence[Any]


class _SetUp:
    """A plugin of pytest that takes what nbval needs of it, and lets nothing run."""

    file: Any

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> int:
        """Make nbval's notebook file, of no file."""
        self.file = IPyNbFile.from_parent(pytest.Session.from_config(config), path=NOWHERE)
        return 0


@cache
def _nbval() -> Any:
    """Return nbval's notebook file: its settings, and the parent of its cells."""
    plugin = _SetUp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        pytest.main([*QUIET, "-pnbval.plugin", "--nbval-lax"], plugins=[plugin])
    return plugin.file


def run_cells(session: Session, notebook: NotebookNode) -> Iterator[CellResult]:
    """Run the code cells of a rebuilt notebook in the student's process; nbval judges each.

    What a cell's text says to nbval is not heard: a student might write it. Metadata are ours.

    Parameters
    ----------
    session : Session
        Runs them.
    notebook : NotebookNode
        With the outputs that checkpoints must agree with.
    """
    file = _nbval()
    file.kernel, file.timed_out = NbvalKernel(session, notebook), False
    for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        judge = _judge(cell, number)
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            try:
                judge.runtest()
            except Exception:
                yield CellResult(cell, False, judge.test_outputs or [])
            else:
                yield CellResult(cell, True, judge.test_outputs)


def prints_the_same(cell: NotebookNode, printed: str) -> bool:
    """Tell whether nbval takes a text for the output of this cell."""
    outputs = [NotebookNode(output_type="stream", name="stdout", text=printed)] if printed else []
    return bool(_judge(cell, 0).compare_outputs(coalesce_streams(outputs), coalesce_streams(cell.outputs)))


def shows(cell: NotebookNode, outputs: Sequence[Any]) -> bool:
    """Tell whether all lines that a cell should print are among these outputs, in their order; others may stand between them."""
    wanted, shown = (iter(_printed(each).splitlines()) for each in (cell.outputs, outputs))
    return all(any(line in other for other in shown) for line in wanted)


def _printed(outputs: Sequence[Any]) -> str:
    return "".join(str(each.text) for each in outputs if each.output_type == "stream" and each.name == "stdout")


def _judge(cell: NotebookNode, number: int) -> Any:
    options = {"check": False, "check_exception": False, "skip": False, **dict(find_metadata_tags(cell.metadata))}
    return IPyNbCell.from_parent(_nbval(), name=f"Cell {number}", cell_num=number, cell=cell, options=options)
