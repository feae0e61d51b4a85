"""The command line: one thin function a command. The work is done in the rooms it imports."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nnlab
from nnlab._files import sentence
from nnlab.languages import LANGUAGES, language, read_also, say, speak
from nnlab.start import FOLDER, chosen, open_lab, spoken, tongue, write_chapters

if TYPE_CHECKING:
    from rich.progress import Progress

    from nnlab.grading.exports.formats import Request
    from nnlab.workbook.course import Course

AUDIENCES = {  # each command, under those it is for, in the order in which they look for it
    "for students": ("start", "accept", "receipt", "doctor"),
    "for instructors, in the course's own folder": (
        "release",
        "grade",
        "desk",
        "adjust",
        "report",
        "overview",
        "similarity",
        "export",
        "kernel",
        "demo",
    ),
    "for lecturers": ("lecture",),
    "for those who write the course": ("new", "build", "translate", "web"),
}
HEADS = tuple(AUDIENCES)  # what is translated of them
ARGPARSE = (  # what argparse says
    *("usage: ", "options", "positional arguments", "show this help message and exit"),
    *("%(prog)s: error: %(message)s\n", "argument %(argument_name)s: %(message)s"),
    *("the following arguments are required: %s", "unrecognized arguments: %s", "expected one argument"),
    *("invalid choice: %(value)r (choose from %(choices)s)", "invalid %(type)s value: %(value)r"),
)
UNUSABLE = 2  # exit status where nothing could be done
PARTLY = 1  # exit status where something was left undone or is wrong
UNREAD = 141  # exit status where whoever read what is printed has gone, as shells have it


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; a reader that closes early, as in `nnlab accept … | head -1`, ends it without a word."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal or file of few letters shows ? for what it has not: a ✓ on Windows, Chinese
            stream.reconfigure(errors="replace")
    try:
        try:
            return _status(argv)
        finally:
            if sys.stdout:  # else what is left is written while Python ends, and a reader that has gone is told of as an exception
                sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD


def _status(argv: Sequence[str] | None) -> int:
    """Run a command and return its exit status; what went wrong is said in a sentence."""
    try:
        args = parser().parse_args(argv)
        speak(getattr(args, "language", None) or _written(args) or language())
        status: int = args.run(args)
    except KeyboardInterrupt:
        print(f"\nnnlab: {say('interrupted. What was done is kept; the same command goes on from there.')}", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        extra = ("lite" if args.lite else "web") if args.run is web else "grading"
        told = say('{error}. This command needs more than students do: pip install "nnlab-course[{extra}]"', error=error, extra=extra)
        print(f"nnlab: {told}", file=sys.stderr)
        return UNUSABLE
    except (ValueError, RuntimeError) as error:
        print(f"nnlab: {error}", file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        if isinstance(error, BrokenPipeError) and not error.filename:
            raise
        print(f"nnlab: {sentence(error)}", file=sys.stderr)
        return UNUSABLE
    return status


def parser() -> argparse.ArgumentParser:
    """Describe the commands, in the reader's language; argparse's own words, too."""
    vars(argparse)["_"] = say  # there it is gettext's
    top = argparse.ArgumentParser(
        prog="nnlab",
        usage="nnlab [-h] [--version] COMMAND ...",
        description=say("A workbook course on neural networks. `nnlab start` gives you the chapters and opens them."),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument(
        "--version", action="version", version=f"nnlab {nnlab.__version__}", help=say("show program's version number and exit")
    )
    commands = top.add_subparsers(prog="nnlab", required=True, metavar="COMMAND", help=argparse.SUPPRESS)

    command = _command(
        commands, "start", start, say("Give you the chapters in a folder of your own, and open them in JupyterLab."), course=False
    )
    command.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="FOLDER",
        help=say("where you work (default: this folder where the chapters are in it already, else {folder})", folder=FOLDER),
    )
    command.add_argument("--no-open", action="store_true", help=say("only write what is new; do not open JupyterLab"))
    command.add_argument("--language", choices=LANGUAGES, help=say("of the chapters: en or zh (default: the one in the folder, else en)"))
    command = _command(commands, "accept", accept, say("Say whether a notebook will be accepted when it is handed in."), course=False)
    command.add_argument("notebook", type=Path, metavar="NOTEBOOK", help=say("the file that is to be handed in"))

    _new(commands)
    command = _command(commands, "build", build, say("Build the notebooks of chapters from their sources."))
    command.add_argument("chapters", nargs="*", metavar="CHAPTER", help=say("a name, number or lesson, for example 03 (default: all)"))
    command.add_argument("--check", action="store_true", help=say("only say whether the built notebooks are up to date and keep the rules"))

    _language(command, say("the language to build (default: en)"))

    command = _command(commands, "translate", translate, say("Keep a translation in step with the English, and say what it lacks."))
    command.add_argument("chapters", nargs="*", metavar="CHAPTER", help=say("a name, number or lesson (default: all, and our own words)"))
    command.add_argument("--check", action="store_true", help=say("only say what is missing or wrong; write nothing"))
    command.add_argument("--language", required=True, choices=LANGUAGES[1:], help=say("the language to translate into"))

    command = _command(commands, "release", release, say("Make the bundle that students get."))
    command.add_argument("--to", type=Path, default=Path("dist"), metavar="DIR", help=say("where to write it (default: dist)"))
    command.add_argument("--day", default="", metavar="YYYY-MM-DD", help=say("the day that its files carry (default: today)"))
    command.add_argument(
        "--withhold",
        default="",
        metavar="CHAPTERS",
        help=say("leave out the answers of chapters not due yet: 05- (and all behind), 05-08, 05,07"),
    )

    command = _command(
        commands, "web", web, say("Write the course as pages to read: figures, folded answers, demos that move; nothing is run.")
    )
    command.add_argument("--to", type=Path, default=Path("dist/web"), metavar="DIR", help=say("where to write (default: dist/web)"))
    command.add_argument(
        "--lite", action="store_true", help=say("also lay JupyterLite beside them: the chapters run in the reader's browser")
    )
    command.add_argument(
        "--pyodide", default="", metavar="URL", help=say("where Pyodide is served (default: in JupyterLite's static/pyodide)")
    )
    _language(command, say("the language of the pages (default: en)"))

    command = _command(commands, "lecture", lecture, say("Write what a lecturer needs to teach a chapter by live coding."))
    command.add_argument("chapter", metavar="CHAPTER", help=say("a name, number or lesson, for example 03"))
    command.add_argument("--minutes", type=int, choices=(45, 90), default=90, help=say("how long the lecture is (default: 90)"))
    command.add_argument(
        "--to", type=Path, default=Path("dist/lectures"), metavar="DIR", help=say("where to write (default: dist/lectures)")
    )
    command.add_argument("--catch-up", type=int, metavar="SECTION", help=say("write the students' notebook filled in up to this section"))
    command.add_argument("--rehearse", action="store_true", help=say("play all steps without a browser and show what the class will see"))

    command = commands.add_parser("receipt", description=say("Print the receipt of a notebook, to compare with the one on its page."))
    command.add_argument("notebook", type=Path, metavar="NOTEBOOK", help=say("the file that was, or will be, handed in"))
    command.set_defaults(run=receipt)

    command = _command(commands, "grade", grade, say("Grade the submissions of a class."))
    command.add_argument(
        "submissions",
        type=Path,
        metavar="SUBMISSIONS",
        help=say("a folder of NAME.ipynb files or of one folder a student, or the download of Moodle or Canvas, as a zip or unpacked"),
    )
    command.add_argument("--to", type=Path, metavar="OUT", help=say("where gradebook, marks.csv and pages go (not for --dry-run)"))
    command.add_argument("--chapter", default="", help=say("the chapter (default: the one the notebooks say they are of)"))
    command.add_argument(
        "--sandbox",
        choices=("bubblewrap", "cold", "none"),
        default="bubblewrap",
        help=say("cold: a new sandbox for each submission, slower; none: process limits alone, for code you trust"),
    )
    command.add_argument(
        "--workers", type=_count, default=os.cpu_count() or 1, metavar="N", help=say("submissions at once (default: all cores)")
    )
    command.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help=say("grade on the Dask cluster of this scheduler, tcp://host:8786")
    )
    command.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help=say("what a submission may use, for example cell=20 (repeatable)"),
    )
    command.add_argument("--seed", default="", help=say("mixed into the inputs of the hidden tests (default: none)"))
    command.add_argument("--dry-run", action="store_true", help=say("only show whose each file is and which one counts; nothing is run"))
    command.add_argument("--force", action="store_true", help=say("mark again what has not changed since the last run"))
    command.add_argument(
        "--gradebook", default="", metavar="URL", help=say("SQLAlchemy URL of the gradebook (default: OUT/gradebook.sqlite)")
    )
    command.add_argument(
        "--roster", type=Path, metavar="CSV", help=say("who is in the class: lists who is missing, and whose each number is")
    )
    command.add_argument("--groups", type=Path, metavar="CSV", help=say("who works together: columns for the student and “group”"))
    command.add_argument("--deadline", default="", metavar="TIME", help=say("such as “2026-05-01 23:59”, in this machine's time zone"))
    command.add_argument(
        "--grace", type=_amount, default=0.0, metavar="MINUTES", help=say("after the deadline, still in time (default: 0)")
    )
    command.add_argument("--late", type=_amount, default=0.0, metavar="PERCENT", help=say("taken off for each day begun (default: 0)"))
    command.add_argument("--cap", type=_amount, default=100.0, metavar="PERCENT", help=say("the most that is taken off (default: 100)"))
    command.add_argument("--extensions", type=Path, metavar="CSV", help=say("who has more time: columns for the student and “until”"))
    _pages_language(command)

    command = _command(commands, "export", export, say("Write marks, or the course, in the form that another system takes."))
    command.add_argument(
        "format", metavar="FORMAT", help=say("moodle, canvas, feedback-canvas, json, …; `nnlab export formats .` lists all")
    )
    _results(command)
    command.add_argument(
        "--assignment",
        default="",
        metavar="NAME",
        help=say("what Canvas or Blackboard calls it: “Lab 3 (12345)” (default: the chapter's title)"),
    )
    command.add_argument("--from", dest="sender", default="", metavar="ADDRESS", help=say("for feedback-mails: whom they are from"))
    command.add_argument("--out-of", type=_amount, metavar="POINTS", help=say("scale marks to this many points (default: as they are)"))
    command.add_argument("--sandbox", choices=("bubblewrap", "none"), default="bubblewrap", help=say("for gradescope: as in `nnlab grade`"))

    command = _command(commands, "report", report, say("Write the class page, the feedback pages and marks.csv again, from the gradebook."))
    _results(command)

    command = _command(commands, "adjust", adjust, say("Change marks by hand, or list what was changed; grading again keeps it."))
    _results(command)
    command.add_argument("student", nargs="?", default="", metavar="STUDENT", help=say("the name in marks.csv, or email, id or login"))
    command.add_argument("exercise", nargs="?", default="", metavar="EXERCISE", help=say("its name; “notebook”: the checkpoints"))
    command.add_argument(
        "points", nargs="?", default="", metavar="POINTS", help=say("what counts from now on in place of the tests' points")
    )
    command.add_argument("--why", default="", metavar="TEXT", help=say("the reason; the student reads it"))
    command.add_argument(
        "--comment", default="", metavar="TEXT", help=say("Markdown for the student, about the exercise or the whole notebook")
    )
    command.add_argument("--csv", type=Path, metavar="FILE", help=say("many at once: columns student, exercise, points, why, comment"))
    command.add_argument("--drop", default="", metavar="EXERCISE", help=say("take an exercise out of everyone's total"))
    command.add_argument("--full", default="", metavar="EXERCISE", help=say("give everyone all points of an exercise"))
    command.add_argument("--scale", default="", metavar="FACTOR", help=say("multiply everyone's marks, up to all points that there are"))
    command.add_argument("--bonus", default="", metavar="POINTS", help=say("add points to STUDENT's total, or to everyone's"))
    command.add_argument("--undo", action="store_true", help=say("undo the last change: of all, or of what else is named"))
    command.add_argument("--number", type=_count, metavar="N", help=say("undo the change of this number"))
    command.add_argument("--by", default="", metavar="NAME", help=say("who decides this (default: who is logged in)"))

    command = _command(commands, "desk", desk, say("Open the desk in the browser: look at answers, change points, comment."))
    _results(command)
    command.add_argument(
        "--port", type=int, default=0, metavar="N", help=say("where on this machine it answers (default: one that is free)")
    )
    command.add_argument("--by", default="", metavar="NAME", help=say("who sits at it (default: who is logged in)"))
    command.add_argument("--no-browser", action="store_true", help=say("only print the address"))

    command = _command(commands, "overview", overview, say("Write a page and a table of the class over several chapters."))
    command.add_argument(
        "results", type=Path, nargs="+", metavar="OUT", help=say("the folders that `nnlab grade --to` wrote, one or several")
    )
    command.add_argument("--to", type=Path, metavar="DIR", help=say("where to write (default: the folder in which the first OUT lies)"))
    _pages_language(command)
    command.add_argument("--gradebook", default="", metavar="URL", help=say("SQLAlchemy URL of one gradebook with all chapters"))

    command = _command(
        commands, "similarity", similarity, say("Write a page of answers that are alike beyond what their exercise makes alike.")
    )
    _results(command)

    command = _command(commands, "demo", demo, say("Build, release and grade the bundled sample class of a chapter."))
    command.add_argument("chapter", nargs="?", default="03", metavar="CHAPTER", help=say("the chapter whose class is graded (default: 03)"))
    command.add_argument("--to", type=Path, default=Path("dist"), metavar="DIR", help=say("where to write it (default: dist)"))

    _command(commands, "kernel", kernel, say("Make the sandboxed kernel known to Jupyter, by the name nnlab-sandbox."), course=False)
    _command(commands, "doctor", doctor, say("Say what is installed, what is missing and how to get it."), course=False)
    told = [_overview(audience, commands) for audience in AUDIENCES]
    top.epilog = "\n\n".join([*told, say("`nnlab COMMAND --help` says more of one.")])
    return top


def _language(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--language", default=language(), choices=LANGUAGES, help=what)


def _pages_language(command: argparse.ArgumentParser) -> None:
    text = say("of pages and reasons: en or zh (default: that of the pages in OUT, else en)")
    command.add_argument("--language", choices=LANGUAGES, help=text)


def _written(args: argparse.Namespace) -> str:
    """Return the language of the class page in a folder of results, "" where there is none: what was graded in Chinese stays Chinese."""
    folders = getattr(args, "results", None) or ([args.to] if args.run is grade and args.to else [])
    for folder in folders if isinstance(folders, list) else [folders]:
        page = folder / "class.html"
        head = page.read_text("utf-8", "replace")[:200] if page.is_file() else ""
        if (found := re.search(r'<html lang="(\w+)">', head)) and found[1] in LANGUAGES:
            return found[1]
    return ""


def start(args: argparse.Namespace) -> int:
    """Write the chapters that are new, and open JupyterLab."""
    folder = chosen(args.folder)
    speak(args.language or spoken(folder) or language())
    print(write_chapters(folder, language=language()).text, flush=True)
    if not args.no_open:
        open_lab(folder)
    return 0


def _new(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe `nnlab new` and what can be new."""
    command = commands.add_parser(
        "new", description=say("Write the templates of a chapter or an exercise of your own; nothing is written over.")
    )
    kinds = command.add_subparsers(required=True, metavar="KIND")
    chapter = _command(
        kinds, "chapter", new_chapter, say("Write the files of a chapter of your own, and begin a course where there is none.")
    )
    chapter.add_argument("name", metavar="NN_NAME", help=say("its number and name, for example 11_own_topic"))
    exercise = _command(
        kinds, "exercise", new_exercise, say("Add an exercise to a chapter of your own: its cells, checks, hidden tests, mutants.")
    )
    exercise.add_argument("chapter", metavar="CHAPTER", help=say("a name, number or lesson, for example 11"))
    exercise.add_argument("name", metavar="FUNCTION", help=say("the function that students are to write, for example my_function"))


def new_chapter(args: argparse.Namespace) -> int:
    """Write the files of a chapter."""
    from nnlab.workbook.new import begin, new_chapter

    written = new_chapter(begin(args.course), args.name)
    print("\n".join(f"Written: {path}" for path in written))
    print(f"Next: nnlab new exercise {args.name[:2]} my_function{_there(args)}, then nnlab build{_there(args)}")
    return 0


def new_exercise(args: argparse.Namespace) -> int:
    """Add an exercise to a chapter."""
    from nnlab.workbook.new import new_exercise

    written = new_exercise(_course(args), args.chapter, args.name)
    print("\n".join(f"Added to: {path}" for path in written))
    print(f"Next: change what stands there to your own, then nnlab build{_there(args)} and nnlab build --check{_there(args)}")
    return 0


def _pages(to: Path) -> str:
    """Say where the pages of a class are."""
    return say(
        "Class page: {page}\nFeedback pages: {folder}\nMarks: {table}",
        page=to / "class.html",
        folder=to / "feedback",
        table=to / "marks.csv",
    )


def _there(args: argparse.Namespace) -> str:
    """Return how the next command is to be told of the course."""
    return f' --course "{args.course}"' if args.course else ""


def build(args: argparse.Namespace) -> int:
    """Build the notebooks, or only check them."""
    from nnlab.grading.running import proof
    from nnlab.workbook.build import build, check

    chapters = [chapter.translated(args.language) for chapter in _course(args).chapters(args.chapters)]
    if args.check:
        problems = [problem for chapter in chapters for problem in check(chapter)]
        problems += [problem for chapter in chapters if chapter.own.exists() for problem in proof.problems(chapter)]
        print("\n".join(dict.fromkeys(problems)) or f"{len(chapters)} chapter(s) up to date.")
        return PARTLY if problems else 0
    with _progress() as progress:
        for chapter in progress.track(chapters, description="Building"):
            build(chapter)
    print(f"Built {', '.join(chapter.name for chapter in chapters)}.")
    return 0


def translate(args: argparse.Namespace) -> int:
    """Write what is to be translated into the files of a translation, and say what is missing or wrong there."""
    from nnlab.workbook.translation.gate import chapter_problems, own_problems, write_skeletons

    course = _course(args)
    chapters = [chapter.translated(args.language) for chapter in course.chapters(args.chapters)]
    if not args.check:
        for path in write_skeletons(course, chapters, args.language):
            print(f"Written: {path}")
    problems = [problem for chapter in chapters for problem in chapter_problems(chapter)]
    problems += [] if args.chapters else own_problems(course, args.language)
    print("\n".join(problems) or f"{len(chapters)} chapter(s) translated in full.")
    return PARTLY if problems else 0


def release(args: argparse.Namespace) -> int:
    """Make the students' bundle."""
    from nnlab.workbook.release import read_day, release

    print(f"Student release: {release(_course(args), args.to, read_day(args.day), args.withhold)}")
    return 0


def web(args: argparse.Namespace) -> int:
    """Write the web edition, and say what is wrong with it."""
    from nnlab.web.site import write_site

    if args.lite:
        from nnlab.web import lite

    course, told = _course(args), []
    chapters = [chapter.translated(args.language) for chapter in course.chapters()]
    warned = write_site(chapters, args.to, args.lite)
    if args.lite:
        page = lite.write_lite(course, args.to / lite.FOLDER, args.language, args.pyodide)
        told = [f"JupyterLite: {page}, with Pyodide {lite.VERSION} from {args.pyodide or page.parents[1] / lite.PYODIDE}"]
    print("\n".join([*warned, f"Web edition: {args.to / 'index.html'}", *told]))
    return PARTLY if warned else 0


def lecture(args: argparse.Namespace) -> int:
    """Write a lecture's notebook and plan, or a catch-up notebook, or rehearse."""
    from nnlab.workbook.lecture.rehearse import rehearse
    from nnlab.workbook.lecture.write import write, write_catch_up

    chapter = _course(args).chapter(args.chapter)
    if args.rehearse:
        with _progress() as progress:
            seen = list(rehearse(chapter, args.minutes, progress.track))
        print("\n".join(seen))
        return 0
    written = write_catch_up(chapter, args.catch_up, args.to) if args.catch_up is not None else write(chapter, args.minutes, args.to)
    print("\n".join(map(str, written)))
    return 0


def accept(args: argparse.Namespace) -> int:
    """Say what would be graded of a notebook."""
    from nnlab.grading.accept import look

    if args.notebook.is_file() and (theirs := tongue(args.notebook.read_bytes())) in LANGUAGES[1:]:
        speak(theirs)
    found = look(args.notebook)
    print(found.text)
    return 0 if found.whole else PARTLY


def receipt(args: argparse.Namespace) -> int:
    """Print a notebook's receipt."""
    from nnlab.grading.accept import read
    from nnlab.grading.intake.receipt import receipt

    print(receipt(read(args.notebook).cells))
    return 0


def grade(args: argparse.Namespace) -> int:
    """Grade submissions, show the table of marks and where the pages are."""
    from rich.console import Console

    from nnlab.grading import grade as grading
    from nnlab.grading.intake.collect import Intake
    from nnlab.grading.intake.policy import Policy
    from nnlab.grading.intake.roster import read_time
    from nnlab.grading.pages.feedback import papers_table, table
    from nnlab.grading.running.job import Options
    from nnlab.grading.sandbox.walls import Limits

    deadline = read_time(args.deadline, "--deadline") if args.deadline else None
    limits = Limits.read(args.limit)
    intake = Intake(args.roster, Policy(deadline, args.grace, args.late, args.cap), args.extensions, limits, args.groups)
    if args.dry_run:
        Console().print(papers_table(*grading.handed_in(args.submissions, _course(args), args.chapter, intake)))
        return 0
    if args.to is None:
        raise ValueError(say("--to OUT is missing: say where gradebook, marks.csv and feedback pages go."))
    options = Options(args.sandbox, args.workers, args.seed, args.force, args.scheduler, limits)
    with _progress() as progress:
        task = progress.add_task(say("Grading"), total=None)
        marks = grading.grade(
            args.submissions,
            args.to,
            _course(args),
            args.chapter,
            options,
            lambda done, total: progress.update(task, completed=done, total=total),
            intake,
            args.gradebook,
        )
    Console().print(table(marks))
    print(_pages(args.to))
    if waiting := [mark for mark in marks if mark.waiting]:
        print(
            say(
                "Answers in words to be marked by hand: {count}. They count neither way until then: {command}",
                count=len(waiting),
                command=f"nnlab desk {args.to}",
            )
        )
    if outdated := [f"{mark.student} ({', '.join(mark.outdated)})" for mark in marks if mark.outdated]:
        print(say("Marked or commented by hand, and the answer has changed since: {names}", names=_listed(outdated)))
    missing = [mark.student for mark in marks if mark.missing]
    if missing:
        print(say("Handed in nothing: {names}", names=_listed(missing)))
    failed = sum(not mark.graded for mark in marks) - len(missing)
    return UNUSABLE if not any(mark.graded for mark in marks) else PARTLY if failed else 0


def export(args: argparse.Namespace) -> int:
    """Write what another system takes, and name who is not in it."""
    from nnlab.grading.exports import formats as exporting

    if args.format == "formats":
        print(exporting.listed())
        return 0
    request = _request(args, assignment=args.assignment, out_of=args.out_of, sandbox=args.sandbox, sender=args.sender)
    written, left_out = exporting.export(args.format, request)
    print("\n".join(map(str, written)))
    if left_out:
        print(say("Not in it, because they have no mark or are not known there: {names}", names=_listed(left_out)))
    if request.waiting:
        print(say("Not whole, since answers in words are still to be marked (`nnlab desk`): {names}", names=_listed(request.waiting)))
    return PARTLY if left_out else 0


def report(args: argparse.Namespace) -> int:
    """Write the pages again."""
    from nnlab.grading.gradebook import write_csv
    from nnlab.grading.pages.feedback import write_reports

    asked = _request(args)
    write_csv(asked.everyone, args.results / "marks.csv")
    write_reports(asked.everyone, args.results, asked.files.declared.title, asked.files)
    print(_pages(args.results))
    return 0


def adjust(args: argparse.Namespace) -> int:
    """Change marks by hand, or say what was changed so far."""
    from nnlab.grading.desk.adjust import Desk, listed
    from nnlab.grading.desk.command import asked, undone

    desk = Desk(_request(args), args.by)
    if args.undo or args.number:
        gone = desk.save(undo=undone(desk, args))
        desk.write({each.student for each in gone})
        print(say("Undone: {change}", change=_plain(listed(gone))))
        return 0
    adjustments = asked(desk, args)
    if not adjustments:
        print(_plain(listed(desk.adjustments)))
        return 0
    saved = desk.save(adjustments)
    print(_plain(listed(saved)))
    desk.write({each.student for each in saved})
    print(_pages(args.results))
    return 0


def desk(args: argparse.Namespace) -> int:
    """Serve the desk until Ctrl+C."""
    import asyncio
    import webbrowser

    from nnlab.grading.desk.adjust import Desk
    from nnlab.grading.desk.server import serve

    def opened(address: str) -> None:
        told = say("The address is the key to these marks: keep it to yourself. Ctrl+C closes the desk.")
        print(f"{say('Desk')}: {address}\n{told}", flush=True)
        if not args.no_browser:
            webbrowser.open(address)

    at = Desk(_request(args), args.by)
    try:
        asyncio.run(serve(at, args.port, opened))
    except KeyboardInterrupt:
        print("\n" + say("The desk is closed. Marks: {table}", table=args.results / "marks.csv"))
    return 0


def overview(args: argparse.Namespace) -> int:
    """Write the class over its chapters."""
    from nnlab.grading.desk.overview import collected, write

    to = args.to or args.results[0].resolve().parent
    page, table = write(collected(args.results, _course(args), args.gradebook), to)
    print(say("Overview: {page}\nTable: {table}", page=page, table=table))
    return 0


def similarity(args: argparse.Namespace) -> int:
    """Compare the answers of a class and write a page for the instructor."""
    from nnlab._files import write_atomically
    from nnlab.grading.pages.similarity import compare, given, similarity_page

    asked = _request(args)
    found = compare({mark.student: mark.answers for mark in asked.everyone if mark.answers}, given(asked.files), asked.written)
    write_atomically(args.results / "similarity.html", similarity_page(found, asked.files.declared.title))
    print(say("Pairs of students to look at: {count}. Alike is not copied: look before you judge.", count=len(found.pairs) + found.more))
    print(say("Similarity page: {page}", page=args.results / "similarity.html"))
    return 0


def demo(args: argparse.Namespace) -> int:
    """Show the whole way on the bundled sample class."""
    from nnlab.doctor import install_bubblewrap
    from nnlab.grading.sandbox.walls import why_not

    course = _course(args)
    files = course.chapter(args.chapter)
    files.require_exercises("grade")
    name = files.name
    status = main(["build", "--course", str(course.root)]) or main(["release", "--course", str(course.root), "--to", str(args.to)])
    install_bubblewrap()
    sandbox = "none" if why_not() else "bubblewrap"
    if sandbox == "none":
        print(f"Grading our own sample class with process limits alone: {why_not()}")
    print(f"\nSample class of {name}")
    folder = course.root / "tests" / "submissions" / name
    command = ["grade", str(folder), "--course", str(course.root), "--to", str(args.to / "marks" / name), "--sandbox", sandbox]
    return status or main([*command, "--force"])


def kernel(args: argparse.Namespace) -> int:
    """Install the sandboxed kernel by its name."""
    from nnlab.grading.sandbox.provisioner import NAME, install

    print(f"{NAME}: {install()}\nTry it: jupyter execute --kernel_name={NAME} NOTEBOOK")
    return 0


def doctor(args: argparse.Namespace) -> int:
    """Print what was found."""
    from nnlab.doctor import examine

    findings = examine()
    for finding in findings:
        told = {"name": finding.name, "found": finding.found}
        print(say("ok       {name}: {found}", **told) if finding.well else say("missing  {name}: {found}", **told))
        if not finding.well and finding.remedy:
            print(f"         {finding.remedy}")
    return PARTLY if any(finding.needed and not finding.well for finding in findings) else 0


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: object, text: str, course: bool = True
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, description=text)
    if course:
        command.add_argument(
            "--course", type=Path, metavar="DIR", help=say("the course folder (default: the one the current folder lies in)")
        )
    command.set_defaults(run=run)
    return command


def _overview(audience: str, commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> str:
    """Return the lines that `nnlab --help` shows of one audience's commands."""
    texts = {name: str(commands.choices[name].description) for name in AUDIENCES[audience]}
    told = (f"  {name:11} {text[0].lower() + text[1:].rstrip('.。')}" for name, text in texts.items())
    return "\n".join([f"{say(audience)}:", *told])


def _results(command: argparse.ArgumentParser) -> None:
    """Add what every command on results takes."""
    command.add_argument("results", type=Path, metavar="OUT", help=say("the folder that `nnlab grade --to` wrote; files are written there"))
    command.add_argument("--chapter", default="", help=say("the chapter (default: the only one in the gradebook)"))
    command.add_argument(
        "--gradebook", default="", metavar="URL", help=say("SQLAlchemy URL of the gradebook (default: OUT/gradebook.sqlite)")
    )
    _pages_language(command)


def _request(args: argparse.Namespace, **more: Any) -> Request:
    """Return what is asked of a folder of results."""
    from nnlab.grading.exports.formats import Request

    return Request(args.results, _course(args), args.chapter, args.gradebook, **more)


def _course(args: argparse.Namespace) -> Course:
    from nnlab.workbook.course import Course

    course = Course.find(args.course)
    read_also(course.root / "translations")
    return course


def _progress() -> Progress:
    """Return a progress bar that stays out of files and pipes."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(say("expected a whole number from 1 on"))
    return int(text)


def _listed(names: Sequence[str]) -> str:
    """Return names for the terminal."""
    return _plain("; ".join(names))


def _plain(text: str) -> str:
    """Return a text for the terminal: what cannot be printed might be a command to it."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)


def _amount(text: str) -> float:
    try:
        if 0 <= (number := float(text)) <= 1_000_000:
            return number
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(say("expected a number from 0 to 1,000,000"))


if __name__ == "__main__":
    sys.exit(main())
