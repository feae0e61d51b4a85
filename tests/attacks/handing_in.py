"""Attacks by what is handed in: files that are no notebooks, names, and text that a page or a table might run."""

from __future__ import annotations

import json
import os

from attacks.attack import FULL, WRONG, Attack

CELL = '{"cell_type": "code", "source": "", "metadata": {}, "outputs": []'


def notebook(cells: str = "", metadata: str = '{"nnlab": {"chapter": "03_forward_propagation"}}', format_: str = "4") -> str:
    """Return a notebook as text."""
    return f'{{"nbformat": {format_}, "nbformat_minor": 5, "metadata": {metadata}, "cells": [{cells}]}}'


def file(text: str | bytes):
    """Return how a file with this content is handed in."""
    return lambda path, attack, places: path.write_bytes(text if isinstance(text, bytes) else text.encode())


def honest(attack, places):
    """Return an honest notebook as data."""
    return json.loads(json.dumps(attack.notebook(places)))


def grown(path, attack, places):
    """Hand in an honest notebook with outputs, metadata and attachments four hundred deep."""
    deep: list = []
    for _ in range(400):
        deep = [{"x": deep}]
    made = honest(attack, places)
    made["metadata"]["widgets"] = deep
    for each in made["cells"]:
        each["metadata"]["deep"] = deep
    path.write_text(json.dumps(made), "utf-8")


FILES = {
    "link_to_another": Attack("is a link to another student's notebook", file=lambda path, attack, places: path.symlink_to("honest_a.ipynb"), error="is a link"),
    "link_to_the_solution": Attack("is a link to the solution", file=lambda path, attack, places: path.symlink_to(f"{places['COURSE']}/solutions/03_forward_propagation.ipynb"), error="is a link"),
    "linked_folder": Attack("is a folder that is a link, beside an honest notebook", file=lambda path, attack, places: [path.with_suffix("").symlink_to(places["COURSE"]), Attack.__dataclass_fields__["file"].default(path, attack, places)]),
    "pipe": Attack("is a pipe that nobody writes to", file=lambda path, attack, places: os.mkfifo(path), error="no ordinary file"),
    "sparse": Attack("is a file of a terabyte that takes no room", file=lambda path, attack, places: [path.touch(), os.truncate(path, 1 << 40)], error="more than"),
    "deep_json": Attack("is a hundred thousand brackets", file=file("[" * 100_000), error="is not a Jupyter notebook"),
    "deep_metadata": Attack("has metadata nested four hundred deep", file=grown),
    "a_million_cells": Attack("has a million cells", file=file(notebook(",".join(["{}"] * 1_000_000))), error="cells"),
    "long_numbers": Attack("has numbers of a million digits", file=file(notebook(metadata='{"nnlab": %s}' % ("9" * 1_000_000))), error="is not a Jupyter notebook"),
    "not_text": Attack("is bytes that are no text", file=file(b"PK\x03\x04\xff\xfe" + bytes(range(256))), error="is not a Jupyter notebook"),
    "no_object": Attack("is a number, where a notebook is expected", file=file("3"), error="is not a Jupyter notebook"),
    "another_format": Attack("says that it is of a format that does not exist", file=file(notebook(format_="[2]")), error="is not a Jupyter notebook"),
    "old_format": Attack("says that it is of the oldest format, and is not", file=file(notebook(format_="true")), loses=FULL),
    "cells_that_are_none": Attack("has cells that are numbers, texts and lists", file=file(notebook('1, "x", [], null')), error="is not a Jupyter notebook"),
    "duplicate_keys": Attack("has every key twice", file=file(notebook(f'{CELL}, "id": "x", "id": "softmax"}}').replace('"cells"', '"cells": 3, "cells"')), loses=FULL),
}  # fmt: skip

SCRIPT = "<script>document.title='CANA' + 'RY-ran'</script>"
TEXTS = {
    f"{SCRIPT.replace('/', '⁄')}": Attack("is named like a script"),
    "x..%2f..%2f..\\..\\etc\\cron.d\\x": Attack("is named like a path out of the folder"),
    "=HYPERLINK(\"http:⁄⁄192.0.2.1\")": Attack("is named like a formula"),
    "\n=1+1\r\x1b[2J": Attack("is named like a formula behind a line's end, with terminal escapes"),
    "\u202egnp.tset": Attack("has a name that turns the text around"),
    "HONEST_A": Attack("is named like another, but for the case"),
    "x" * 240: Attack("has the longest name that a file can have"),
    os.fsdecode(b"\xff\xfe"): Attack("has a name that is no text"),
    "--help": Attack("is named like an option"),
    "script_in_errors": Attack("raises an error whose name and message are a script", f"raise type('{SCRIPT[:60]}', (Exception,), {{}})(\"</style><img src=x onerror=alert(1)>`\")", told="&lt;img src=x"),
    "script_in_answers": Attack("ends the page's code block and begins a script in its answer", f"# </pre></code>{SCRIPT}\n{WRONG}", told="&lt;script&gt;"),
    "slow_to_colour": Attack("writes what takes a highlighter long", "x = '''" + "\\N{" * 3000 + "'''\n" + "#" + "f'{" * 3000 + "\n" + WRONG),
    "endless_line": Attack("writes its answer in one line of a million characters", "def softmax(z): return z" + " " * 1_000_000 + "+ 0"),
}  # fmt: skip
