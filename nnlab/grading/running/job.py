"""One submission and its mark: what a worker does. It imports nothing of gradebook, pages and reports."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from nnlab.grading.intake.collect import Submission
from nnlab.grading.intake.receipt import receipt
from nnlab.grading.intake.text import clean
from nnlab.grading.marking.checkpoints import stage
from nnlab.grading.marking.examine import examine, paid
from nnlab.grading.marking.misconceptions import recognise
from nnlab.grading.marking.rebuild import rebuild
from nnlab.grading.marking.session import Session
from nnlab.grading.results import GRADERS_FAULT, NOTEBOOK, WAITING, WRITTEN, Item, Mark
from nnlab.grading.sandbox.excerpt import Import
from nnlab.grading.sandbox.kernel import StudentKernel
from nnlab.grading.sandbox.kit import lasting_kit
from nnlab.grading.sandbox.walls import Limits
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.graded import answers, given_imports
from nnlab.workbook.rubrics import Written, written


@dataclass(frozen=True)
class Options:
    """How a class is graded.

    `sandbox` is "bubblewrap", "cold" (a sandbox of its own for each submission) or "none" (process limits alone).
    `workers` processes of this machine do the work, or those of the Dask cluster at `scheduler`.
    `seed` is mixed into the inputs of the hidden tests. `force` marks again what is unchanged.
    """

    sandbox: str = "bubblewrap"
    workers: int = 1
    seed: str = ""
    force: bool = False
    scheduler: str = ""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Job:
    """One submission and all that a worker needs to grade it: the exercises to mark, and the mark so far, which holds for the others.

    `kit` is what its sandboxes get of nnlab; a worker on another machine stages its own.
    """

    submission: Submission
    chapter: ChapterFiles
    options: Options
    only: frozenset[str]
    earlier: Mark | None = None
    kit: Path | None = None

    @property
    def kept(self) -> tuple[Item, ...]:
        """The items that stand."""
        earlier = self.earlier.items if self.earlier else ()
        return tuple(item for item in earlier if item.exercise not in self.only and item.name != WRITTEN)


@cache
def kit(chapter: ChapterFiles) -> Path:
    """Stage what this process's sandboxes get of nnlab."""
    return lasting_kit(*kit_needs(chapter))


def kit_needs(chapter: ChapterFiles) -> tuple[set[Import], set[Import], tuple[str, ...] | None]:
    """Return what a chapter's cells import, what answers its exercises, and the data files that its sandbox gets."""
    return given_imports(load(chapter.solution)), answers(chapter.declared), chapter.declared.data


def mark(job: Job) -> Mark:
    """Grade one submission, one at a time in a process; whatever goes wrong becomes its `error`."""
    submission, chapter, options = job.submission, job.chapter, job.options
    if submission.notebook is None:
        return failed(job, submission.problem)
    try:
        solution = load(chapter.solution)
        rebuilt = rebuild(submission.notebook, solution, [load(path) for path in chapter.translations])
        with _one_at_a_time, Session(partial(StudentKernel, job.kit or kit(chapter), options.sandbox, options.limits)) as session:
            seeds = (options.seed, submission.author or submission.student, submission.digest.hex())
            items = [*job.kept, *examine(chapter, rebuilt, seeds, session, job.only)]
            known = recognise(chapter.declared, items, session)
        worth = (*paid(items, stage(chapter).checkpoints), *read_by_people(rebuilt.words, written(solution)))
    except Exception as error:
        return failed(job, f"{error} ({type(error).__name__}). {GRADERS_FAULT}")
    order = (*chapter.declared.names, *rebuilt.words, NOTEBOOK)
    worth = tuple(sorted(worth, key=lambda item: order.index(item.exercise)))
    texts = {**rebuilt.answers, **rebuilt.words}
    found = Mark(submission.student, chapter.name, submission.source, worth, rebuilt.repairs, texts, misconceptions=known)
    return replace(found, receipt=receipt(submission.notebook.cells), shown=rebuilt.shown)


def read_by_people(words: Mapping[str, str], questions: Mapping[str, Written]) -> Iterator[Item]:
    """Yield an item for each answer in words: to be marked, or not attempted where nothing was written."""
    for name, text in words.items():
        asked = questions[name]
        yield Item(name, WRITTEN, " ".join(asked.question.split()), asked.points, 0.0, WAITING if text else "not attempted")


_one_at_a_time = threading.Lock()  # a Dask worker may have several threads, but pytest is at home in one


def failed(job: Job, reason: str) -> Mark:
    """Return the mark of a submission that could not be graded."""
    of = receipt(job.submission.notebook.cells) if job.submission.notebook else ""
    return Mark(job.submission.student, job.chapter.name, job.submission.source, error=clean(reason), receipt=of)


def lost(job: Job) -> Mark:
    """Return the mark of a submission that ended the grader's own process, alone and twice."""
    return failed(job, f"the grader's own process ended while grading it. {GRADERS_FAULT}")
