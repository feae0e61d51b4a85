"""The table of all attacks, and docs/attacks.md, which is made from it: `python tests/attacks/page.py`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from attacks.attack import FULL, ROOT, Attack
from attacks.breaking import BOMBS, BREAKOUTS, EXITS
from attacks.forging import CELLS, CHECKER, DETECTING, PROTOCOL, VALUES
from attacks.handing_in import FILES, TEXTS
from attacks.reading import HIDDEN, REFERENCE, STATE
from attacks.telling import TELLING

PAGE = ROOT / "docs" / "attacks.md"
FAMILIES: dict[str, dict[str, Attack]] = {
    "Reading what is hidden": HIDDEN,
    "The reference under another name": REFERENCE,
    "Patching the comparison or the checker": CHECKER,
    "Values that lie": VALUES,
    "Verdicts and checkpoints": TELLING,
    "Forged, huge, deep and malformed messages": PROTOCOL,
    "Detecting the grader": DETECTING,
    "Exits of every kind": EXITS,
    "Breaking out, others' processes and files": BREAKOUTS,
    "Bombs": BOMBS,
    "Cells and metadata": CELLS,
    "Files that are no notebooks": FILES,
    "Names and text that a page or a table might run": TEXTS,
    "State left for the next student": STATE,
}
ATTACKS = {name: attack for family in FAMILIES.values() for name, attack in family.items()}
HEAD = """# Attacks on the grader

Each row is a submission of chapter 03 with honest answers and one trick. `tests/attacks/` hands them all in as two classes, with honest
students between them, grades them by the command's own path, and asserts for each: not one undeserved point, nothing read, nothing
harmed, the honest students' marks as without it, and the honest answers beside the trick paid.

What is looked for is planted: marks in the hidden tests, in another student's notebook, in the gradebook and in the grader's environment.
An attack that finds one answers rightly from then on, so that its mark shows it.
This page is made from the tests' tables by `python tests/attacks/page.py`.

"""


def page() -> str:
    """Return the page."""
    counted = f"{len(ATTACKS)} attacks in {len(FAMILIES)} families. Each notebook has {sum(FULL.values()):g} points to be had.\n"
    return HEAD + counted + "".join(_family(name, attacks) for name, attacks in FAMILIES.items())


def _family(name: str, attacks: dict[str, Attack]) -> str:
    rows = [f"| {_cell(name)} | {_cell(attack.tries)} | {_result(attack)} |\n" for name, attack in attacks.items()]
    return f"\n## {name}\n\n| attack | what it tries | what comes of it |\n|---|---|---|\n{''.join(rows)}"


def _cell(text: str) -> str:
    """Write a name as it can stand in a table; some are attacks on tables themselves."""
    shown = text if len(text) <= 60 or " " in text else f"{text[:20]}… ({len(text)} characters)"
    return "".join(f"&#{ord(c)};" if c in "|<>&\\*_`[]=" or not c.isprintable() else c for c in shown)


def _result(attack: Attack) -> str:
    if attack.error:
        return "no mark, and the reason told"
    lost = {name: FULL[name] - points for name, points in attack.expected.items() if points < FULL[name]}
    rest = ", ".join(f"{points:g} of {FULL[name]:g} in {_cell(name)}" for name, points in lost.items())
    return f"loses {rest}" if lost else "changes nothing"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
