"""The command line: one thin function a command. The work is done in the rooms it imports."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import nnlab

if TYPE_CHECKING:
    from rich.progress import Progress

    from nnlab.workbook.course import Course

UNUSABLE = 2  # exit status where nothing could be done
PARTLY = 1  # exit status where something was left undone or is wrong


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    args = parser().parse_args(argv)
    try:
        status: int = args.run(args)
    except KeyboardInterrupt:
        print("\nnnlab: interrupted. What was done is kept; the same command goes on from there.", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        print(f'nnlab: {error}. This command needs more than students do: pip install "nnlab[grading]"', file=sys.stderr)
        return UNUSABLE
    except (ValueError, RuntimeError, OSError) as error:
        print(f"nnlab: {error}", file=sys.stderr)
        return UNUSABLE
    return status


def parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    top = argparse.ArgumentParser(prog="nnlab", description="A workbook course on neural networks: build it, release it, grade it.")
    top.add_argument("--version", action="version", version=f"nnlab {nnlab.__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = _command(commands, "build", build, "build the notebooks of chapters from their sources")
    command.add_argument("chapters", nargs="*", metavar="CHAPTER", help="a name, number or lesson, for example 03 (default: all)")
    command.add_argument("--check", action="store_true", help="only say whether the built notebooks are up to date and keep the rules")

    command = _command(commands, "release", release, "make the bundle that students get")
    command.add_argument("--to", type=Path, default=Path("dist"), metavar="DIR", help="where to write it (default: dist)")

    command = _command(commands, "grade", grade, "grade a folder of submissions")
    command.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="a folder of NAME.ipynb files, or of one folder a student")
    command.add_argument("--to", type=Path, required=True, metavar="OUT", help="where gradebook, marks.csv and feedback pages go")
    command.add_argument("--chapter", default="", help="the chapter (default: the one the notebooks say they are of)")
    command.add_argument(
        "--sandbox", choices=("bubblewrap", "none"), default="bubblewrap", help="none: process limits alone, for code you trust"
    )
    command.add_argument(
        "--workers", type=_count, default=os.cpu_count() or 1, metavar="N", help="submissions at once (default: all cores)"
    )
    command.add_argument("--seed", default="", help="mixed into the inputs of the hidden tests (default: none)")
    command.add_argument("--force", action="store_true", help="mark again what has not changed since the last run")

    command = _command(commands, "export", export, "write the course for another system")
    command.add_argument("format", choices=("nbgrader",), help="nbgrader: a course folder with the hidden tests inlined")
    command.add_argument("to", type=Path, metavar="DIR", help="where to write it")

    command = _command(commands, "demo", demo, "build, release and grade the bundled sample class")
    command.add_argument("--to", type=Path, default=Path("dist"), metavar="DIR", help="where to write it (default: dist)")

    _command(commands, "doctor", doctor, "say what is installed, what is missing and how to get it")
    return top


def build(args: argparse.Namespace) -> int:
    """Build the notebooks, or only check them."""
    from nnlab.workbook.build import build, check

    chapters = _course(args).chapters(args.chapters)
    if args.check:
        problems = [problem for chapter in chapters for problem in check(chapter)]
        print("\n".join(problems) or f"{len(chapters)} chapter(s) up to date.")
        return PARTLY if problems else 0
    with _progress() as progress:
        for chapter in progress.track(chapters, description="Building"):
            build(chapter)
    print(f"Built {', '.join(chapter.name for chapter in chapters)}.")
    return 0


def release(args: argparse.Namespace) -> int:
    """Make the students' bundle."""
    from nnlab.workbook.release import release

    print(f"Student release: {release(_course(args), args.to)}")
    return 0


def grade(args: argparse.Namespace) -> int:
    """Grade submissions, show the table of marks and where the pages are."""
    from rich.console import Console

    from nnlab.grading import grade as grading
    from nnlab.grading.report import table

    options = grading.Options(args.sandbox, args.workers, args.seed, args.force)
    with _progress() as progress:
        task = progress.add_task("Grading", total=None)
        marks = grading.grade(
            args.submissions,
            args.to,
            _course(args),
            args.chapter,
            options,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    Console().print(table(marks))
    print(f"Class page: {args.to / 'class.html'}\nFeedback pages: {args.to / 'feedback'}\nMarks: {args.to / 'marks.csv'}")
    failed = sum(not mark.graded for mark in marks)
    return UNUSABLE if failed == len(marks) else PARTLY if failed else 0


def export(args: argparse.Namespace) -> int:
    """Write the course for another system."""
    from nnlab.grading.export_nbgrader import export_nbgrader

    print(f"nbgrader course: {export_nbgrader(_course(args), args.to)}")
    return 0


def demo(args: argparse.Namespace) -> int:
    """Show the whole way on the bundled sample class."""
    from nnlab.doctor import install_bubblewrap
    from nnlab.grading.sandbox import why_not

    course = _course(args)
    status = main(["build", "--course", str(course.root)]) or main(["release", "--course", str(course.root), "--to", str(args.to)])
    install_bubblewrap()
    sandbox = "none" if why_not() else "bubblewrap"
    if sandbox == "none":
        print(f"Grading our own sample class with process limits alone: {why_not()}")
    for folder in sorted((course.root / "tests" / "submissions").iterdir()):
        print(f"\nSample class of {folder.name}")
        command = ["grade", str(folder), "--course", str(course.root), "--to", str(args.to / "marks" / folder.name), "--sandbox", sandbox]
        status = status or main([*command, "--force"])
    return status


def doctor(args: argparse.Namespace) -> int:
    """Print what was found."""
    from nnlab.doctor import examine

    findings = examine()
    for finding in findings:
        print(f"{'ok     ' if finding.well else 'missing'}  {finding.name}: {finding.found}")
        if not finding.well and finding.remedy:
            print(f"         {finding.remedy}")
    return PARTLY if any(finding.needed and not finding.well for finding in findings) else 0


def _command(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: object, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    command.add_argument("--course", type=Path, metavar="DIR", help="the course folder (default: the one the current folder lies in)")
    command.set_defaults(run=run)
    return command


def _course(args: argparse.Namespace) -> Course:
    from nnlab.workbook.course import Course

    return Course.find(args.course)


def _progress() -> Progress:
    """Return a progress bar that stays out of files and pipes."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected a whole number from 1 on")
    return number


if __name__ == "__main__":
    sys.exit(main())
