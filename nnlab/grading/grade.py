"""Grade a class: every submission in a process of its own, every mark kept as it comes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from nnlab.grading.adjusting.apply import adjusted
from nnlab.grading.adjusting.worth import points_by_exercise
from nnlab.grading.gradebook import Gradebook, GradebookError, Place, make_folder, write_csv
from nnlab.grading.intake.collect import Intake, Submission, collect, gather, guess_chapter
from nnlab.grading.pages.feedback import write_class, write_feedback
from nnlab.grading.results import Mark
from nnlab.grading.running import workers
from nnlab.grading.running.fingerprint import course_parts, fingerprint, to_mark
from nnlab.grading.running.job import Job, Options, kit_needs, lost, mark
from nnlab.grading.sandbox.kit import build_kit
from nnlab.grading.sandbox.launch import warm_up
from nnlab.grading.sandbox.leftovers import prefix, sweep
from nnlab.grading.sandbox.walls import SandboxMissing, exposed, why_not
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.graded import points_differ
from nnlab.workbook.rubrics import written

Progress = Callable[[int, int], None]


def grade(
    folder: Path,
    to: Path,
    course: Course,
    chapter: str = "",
    options: Options | None = None,
    progress: Progress | None = None,
    intake: Intake | None = None,
    gradebook: str = "",
) -> list[Mark]:
    """Grade all submissions of a chapter and write gradebook, marks.csv, feedback pages and the class page.

    Parameters
    ----------
    folder : Path
        The submissions: a folder, or a zip from Moodle or Canvas.
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
    intake : Intake
        Roster, deadline and extensions.
    gradebook : str
        A SQLAlchemy URL; by default `to/gradebook.sqlite`.

    Returns
    -------
    list of Mark
        In order of the students' names; those that could not be graded carry their reason.

    Raises
    ------
    CollectError, RosterError, CourseError, GradebookError, SandboxMissing, SchedulerMissing
        If nothing can be graded. Each says what was expected and what to do.
    """
    options = options or Options()
    if options.sandbox != "none" and (reason := why_not() or exposed(folder, to, course.root)):
        raise SandboxMissing(reason)
    sweep()
    files, submissions = handed_in(folder, course, chapter, intake)
    require_built(files)
    title, by_name, marks = files.declared.title, {each.student: each for each in submissions}, {}
    with only_here(to), Gradebook(gradebook or to / "gradebook.sqlite") as book:
        book.enrol(files.name, [place(each) for each in submissions])
        adjustments, worth, questions = book.adjustments(files.name), points_by_exercise(files), written(load(files.solution))
        for found in mark_all(submissions, files, options, book):
            late = by_name[found.student]
            (marks[found.student],) = adjusted([replace(found, taken=late.taken, note=late.note)], adjustments, worth, questions)
            write_feedback(marks[found.student], to, title)
            if progress:
                progress(len(marks), len(submissions))
        in_order = [marks[each.student] for each in submissions]
        write_csv(in_order, to / "marks.csv")
        write_class(in_order, to, title, files)
    return in_order


def handed_in(folder: Path, course: Course, chapter: str = "", intake: Intake | None = None) -> tuple[ChapterFiles, list[Submission]]:
    """Return the chapter, the one that most notebooks are of where none is named, and whose submissions there are; nothing is run.

    Raises
    ------
    CollectError, RosterError, CourseError
        If nothing can be graded.
    """
    intake = intake or Intake()
    papers = gather(folder, intake.limits, [course.chapter(chapter).name] if chapter else course.names)
    files = course.chapter(chapter or guess_chapter(folder, course.names, papers))
    files.require_exercises("grade")
    return files, collect(folder, files.name, intake, papers)


def mark_all(submissions: list[Submission], files: ChapterFiles, options: Options, book: Gradebook) -> Iterator[Mark]:
    """Yield the marks that stand, then those of what is new or has changed since the last run, each when it is made and saved."""
    earlier = {mark.student: mark for mark in book.marks(files.name)}
    course, settings = course_parts(files), (options.seed, options.sandbox, str(options.limits))
    prints = {each.student: fingerprint(each, course, *settings) for each in submissions}
    then = {} if options.force else book.fingerprints(files.name)
    jobs = []
    for each in submissions:
        only = to_mark(then.get(each.student), prints[each.student], earlier.get(each.student), files.declared.names)
        if only:
            jobs.append(Job(each, files, options, only, earlier.get(each.student)))
        else:
            yield earlier[each.student]
    if not jobs:
        return
    with kit_of_a_run(files, options.scheduler) as staged:
        jobs = [replace(job, kit=staged) for job in jobs]
        warm = partial(warm_up, staged, options.limits) if staged and options.sandbox == "bubblewrap" else None
        for mark_ in workers.done(mark, jobs, lost, options.workers, options.scheduler, warm):
            book.save(mark_, prints[mark_.student])
            yield mark_


@contextmanager
def only_here(to: Path, patience: float = 0.0) -> Iterator[None]:
    """Refuse to write where another grader, or for longer than `patience` seconds someone who adjusts marks, writes."""
    make_folder(to)
    lock = FileLock(to / ".lock")
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        raise GradebookError(f"another `nnlab grade` is writing to {to}. Wait until it is done, or choose another place.") from None
    try:
        yield
    finally:
        lock.release()


def require_built(files: ChapterFiles) -> None:
    """Check that what grading reads of a chapter is there."""
    for path, remedy in ((files.solution, "Run `nnlab build`."), (files.hidden_tests, "Grading needs the hidden tests.")):
        if not path.exists():
            raise CourseError(f"{path} is missing. {remedy}")
    if problems := list(points_differ(files)):
        raise CourseError(f"{files.name} cannot be graded: {' '.join(problems)} Set the points right in its hidden tests or its checks.")


@contextmanager
def kit_of_a_run(chapter: ChapterFiles, scheduler: str) -> Iterator[Path | None]:
    """Stage what all sandboxes get of nnlab, for as long as a run lasts; workers of a cluster stage their own.

    Raises
    ------
    CourseError
        If the chapter's cells import what answers its exercises.
    """
    if scheduler:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix=prefix("kit"), ignore_cleanup_errors=True) as folder:
        try:
            staged = build_kit(Path(folder) / "kit", *kit_needs(chapter))
        except ValueError as error:
            raise CourseError(f"{chapter.name}: {error}") from error
        yield staged


def place(submission: Submission) -> Place:
    """Return a student's place in the class list."""
    received = submission.received.astimezone(UTC).isoformat() if submission.received else ""
    return Place(submission.person, received, submission.taken, submission.note)
