"""Grade a class: every submission in a process of its own, every mark kept as it comes."""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nnlab
from nnlab.grading.collect import Submission, collect, guess_chapter
from nnlab.grading.examine import examine
from nnlab.grading.gradebook import Gradebook, write_csv
from nnlab.grading.kernel import StudentKernel
from nnlab.grading.kit import build_kit
from nnlab.grading.misconceptions import recognise
from nnlab.grading.rebuild import rebuild
from nnlab.grading.report import write_reports
from nnlab.grading.results import GRADERS_FAULT, Mark
from nnlab.grading.sandbox import SandboxMissing, why_not
from nnlab.grading.session import Session
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles, Course, CourseError


@dataclass(frozen=True)
class Options:
    """How a class is graded.

    `sandbox` is "bubblewrap" or "none" (process limits alone). `seed` is mixed into the inputs of the hidden tests.
    """

    sandbox: str = "bubblewrap"
    workers: int = 1
    seed: str = ""
    force: bool = False


@dataclass(frozen=True)
class Job:
    """One submission and all that a worker needs to grade it."""

    submission: Submission
    chapter: ChapterFiles
    kit: Path
    options: Options


Progress = Callable[[int, int], None]


def grade(
    folder: Path, to: Path, course: Course, chapter: str = "", options: Options | None = None, progress: Progress | None = None
) -> list[Mark]:
    """Grade all submissions of a chapter and write gradebook, marks.csv, feedback pages and the class page.

    Parameters
    ----------
    folder : Path
        The submissions.
    to : Path
        Where results go. Marks of an earlier run are kept where submission, hidden tests and course are unchanged.
    course : Course
        The course with the hidden tests.
    chapter : str
        The chapter's name; by default the one the submissions are of.
    options : Options
        Sandbox, workers, seed, and whether to mark again what is unchanged.
    progress : callable
        Told how many of how many submissions are done.

    Returns
    -------
    list of Mark
        In order of the students' names; those that could not be graded carry their reason.

    Raises
    ------
    CollectError, CourseError, GradebookError, SandboxMissing
        If nothing can be graded. Each says what was expected and what to do.
    """
    options = options or Options()
    if options.sandbox != "none" and (reason := why_not()):
        raise SandboxMissing(reason)
    files = course.chapter(chapter or guess_chapter(folder, course.names))
    submissions = collect(folder, files.name)
    require_built(files)
    with Gradebook(to / "gradebook.sqlite") as book, kit(files) as staged:
        kept = {mark.student: mark for mark in book.marks(files.name)}
        prints = {each.student: fingerprint(each, files, options) for each in submissions}
        fresh = [each for each in submissions if options.force or book.fingerprint(each.student, files.name) != prints[each.student]]
        done = len(submissions) - len(fresh)
        for mark in marked([Job(each, files, staged, options) for each in fresh]):
            book.save(mark, prints[mark.student])
            kept[mark.student] = mark
            done += 1
            if progress:
                progress(done, len(submissions))
    marks = [kept[each.student] for each in submissions]
    write_csv(marks, to / "marks.csv")
    write_reports(marks, to, files.declared.title)
    return marks


def require_built(files: ChapterFiles) -> None:
    """Check that what grading reads of a chapter is there."""
    for path, remedy in ((files.solution, "Run `nnlab build`."), (files.hidden_tests, "Grading needs the hidden tests.")):
        if not path.exists():
            raise CourseError(f"{path} is missing. {remedy}")


@contextmanager
def kit(files: ChapterFiles) -> Iterator[Path]:
    """Stage what the sandbox gets of nnlab, without the modules that hold the chapter's answers."""
    withheld = {exercise.reference.__module__ for exercise in files.declared.exercises}
    with tempfile.TemporaryDirectory(prefix="nnlab-kit-") as folder:
        yield build_kit(Path(folder) / "kit", withheld)


def fingerprint(submission: Submission, files: ChapterFiles, options: Options) -> str:
    """Tell apart everything a mark depends on: the submission, the course, the version, the seed and the sandbox."""
    parts = [submission.student, submission.source, submission.problem, nnlab.__version__, options.seed, options.sandbox]
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace"))
    for data in (submission.digest, files.hidden_tests.read_bytes(), files.solution.read_bytes()):
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()


def marked(jobs: Sequence[Job]) -> Iterator[Mark]:
    """Yield each job's mark as it is done. A worker that dies takes no other submission with it."""
    if not jobs:
        return
    unfinished = []
    with pool(min(jobs[0].options.workers, len(jobs))) as executor:
        futures = {executor.submit(mark, job): job for job in jobs}
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool:
                unfinished.append(futures[future])
    yield from map(alone, unfinished)


@contextmanager
def pool(workers: int) -> Iterator[Executor]:
    """Start workers afresh instead of forking them, and drop what waits if the user interrupts."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as executor:
        try:
            yield executor
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise


def alone(job: Job) -> Mark:
    """Grade one submission in a pool of its own, after a worker died."""
    with pool(1) as executor:
        future: Future[Mark] = executor.submit(mark, job)
        try:
            return future.result()
        except BrokenProcessPool:
            return failed(job.submission, job.chapter, f"the grader's own process ended while grading it. {GRADERS_FAULT}")


def mark(job: Job) -> Mark:
    """Grade one submission; whatever goes wrong becomes its `error`."""
    submission, chapter, options = job.submission, job.chapter, job.options
    if submission.notebook is None:
        return failed(submission, chapter, submission.problem)
    try:
        rebuilt = rebuild(submission.notebook, load(chapter.solution))
        with Session(partial(StudentKernel, job.kit, options.sandbox)) as session:
            items = examine(chapter, rebuilt, submission.student, session, options.seed)
            known = recognise(chapter.declared, items, session)
    except Exception as error:
        return failed(submission, chapter, f"{error} ({type(error).__name__}). {GRADERS_FAULT}")
    return Mark(submission.student, chapter.name, submission.source, items, rebuilt.repairs, rebuilt.answers, misconceptions=known)


def failed(submission: Submission, chapter: ChapterFiles, reason: str) -> Mark:
    """Return the mark of a submission that could not be graded."""
    return Mark(submission.student, chapter.name, submission.source, error=reason)
