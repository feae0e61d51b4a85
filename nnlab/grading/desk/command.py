"""`nnlab adjust`: what its options ask for, one thing at a time."""

from __future__ import annotations

from argparse import Namespace

from nnlab.grading.adjusting.model import BONUS, DROP, FULL, SCALE, Adjustment
from nnlab.grading.desk.adjust import AdjustError, Desk, Wish, read_wishes

RULES = (DROP, FULL, SCALE, BONUS)  # options of the command by the kind of adjustment that they make


def asked(desk: Desk, args: Namespace) -> list[Adjustment]:
    """Return the adjustments that a command asks for, none where it only asks what was changed.

    Raises
    ------
    AdjustError
        If they cannot be made, or two things are asked for at once.
    """
    kind = _kind(args)
    student = bool(args.student)
    if kind == "csv":
        _alone(student, "--csv names the students in its file")
        return desk.marked(read_wishes(args.csv))
    if kind in (DROP, FULL):
        _alone(student, f"--{kind} is about everyone. For one student: STUDENT EXERCISE POINTS")
        return [desk.rule(kind, getattr(args, kind), args.why)]
    if kind == SCALE:
        _alone(student, "--scale is about everyone. For one student: --bonus")
        return [desk.scaled(args.scale, args.why)]
    if kind == BONUS:
        _alone(bool(args.exercise), "--bonus is added to a total, not to an exercise")
        return [desk.bonus(args.bonus, args.student, args.why)]
    if not student:
        if args.why or args.comment:
            raise AdjustError("whom is it about? Expected nnlab adjust OUT STUDENT EXERCISE POINTS --why TEXT.")
        return []
    return desk.marked([Wish(args.student, args.exercise, args.points, args.why, args.comment)])


def undone(desk: Desk, args: Namespace) -> Adjustment:
    """Return the adjustment that `--undo` undoes.

    Raises
    ------
    AdjustError
        If there is none, or more is asked for.
    """
    if args.points or args.why or args.comment or args.csv:
        raise AdjustError("--undo takes back what was changed, and changes nothing else. Leave points, --why, --comment and --csv out.")
    kind = _kind(args)
    exercise = args.exercise or (getattr(args, kind) if kind in (DROP, FULL) else "")
    return desk.last(args.student, exercise, kind, args.number)


def _kind(args: Namespace) -> str:
    """Return the one option that says what kind of change it is, or "" for points and comments."""
    given = [name for name in ("csv", *RULES) if getattr(args, name)]
    if len(given) > 1:
        raise AdjustError(f"{' and '.join(f'--{name}' for name in given)} are two changes. Make one after the other.")
    if given and args.comment:
        raise AdjustError(f"--{given[0]} takes no --comment. Say the reason with --why.")
    return given[0] if given else ""


def _alone(wrong: bool, sentence: str) -> None:
    if wrong:
        raise AdjustError(f"{sentence}.")
