"""Students who work together: one notebook counts for its group, and two different ones are named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nnlab.grading.intake.receipt import receipt
from nnlab.languages import say

if TYPE_CHECKING:
    from nnlab.grading.intake.collect import Submission


def shared(
    alone: Mapping[str, Submission], papers: Mapping[str, Sequence[Submission]], choose: Callable[[list[Submission]], Submission]
) -> dict[str, Submission]:
    """Return what each student is graded for, when the notebook of one counts for the group.

    Who handed in the same notebook as others of the group, or nothing that can be graded, gets the mark of the first of them by name, with
    the same hidden inputs. Where a group has different notebooks, each counts for who handed it in, and the others get none.

    Parameters
    ----------
    alone : mapping of str to Submission
        By student, what was chosen without groups.
    papers : mapping of str to sequence of Submission
        All that each student handed in.
    choose : callable
        Chooses of such papers: what being late costs is each student's own.
    """
    teams: defaultdict[str, list[Submission]] = defaultdict(list)
    for each in alone.values():
        teams[each.person.team].append(each)
    decided = {found.student: found for team, members in teams.items() if team for found in _decided(team, members, papers, choose)}
    return {**alone, **decided}


def _decided(
    team: str, members: Sequence[Submission], papers: Mapping[str, Sequence[Submission]], choose: Callable[[list[Submission]], Submission]
) -> Iterator[Submission]:
    """Yield what the members of one group are graded for."""
    handed_in = sorted((each for each in members if each.notebook), key=lambda each: each.student)
    receipts = {receipt(each.notebook.cells) for each in handed_in if each.notebook}
    if len(receipts) > 1:
        names = "; ".join(f"{each.student} ({each.source})" for each in handed_in)
        yield from (_divided(each, say("Group {team} handed in different notebooks: {names}.", team=team, names=names)) for each in members)
    elif handed_in:
        first = handed_in[0]
        yield from (_like(each, first, team, papers, choose) for each in members if each is not first)


def _divided(member: Submission, said: str) -> Submission:
    """Return a member of a group that is not of one mind."""
    if member.notebook:
        return replace(member, note=_joined(member.note, say("{said} Yours counts for you alone.", said=said)))
    return replace(member, problem=say("{said} Agree on one, and tell your instructor.", said=said))


def _like(
    member: Submission,
    first: Submission,
    team: str,
    papers: Mapping[str, Sequence[Submission]],
    choose: Callable[[list[Submission]], Submission],
) -> Submission:
    """Return a member who is graded for the notebook that the first one handed in."""
    if member.notebook:
        return replace(member, author=first.student)
    theirs = [replace(paper, student=member.student, person=member.person) for paper in papers[first.student]]
    unused = say("Not used: {problem}", problem=member.problem) if member.source else ""
    found = choose(theirs)
    handed_in = say("Handed in by {student} for group {team}.", student=first.student, team=team)
    return replace(found, author=first.student, note=_joined(handed_in, found.note, unused))


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
