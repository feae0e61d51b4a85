"""Lay the pages out: Sphinx makes a site of the notebooks, beside it lie pictures, demos, formulas' script and notebooks to download."""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from importlib.metadata import files
from pathlib import Path
from typing import Any

from nnlab._files import write_atomically
from nnlab.languages import ENGLISH, language, say, speaking
from nnlab.web.frames import table
from nnlab.web.pages import comes_with_nnlab, page, start_command
from nnlab.workbook.build import dump, stale
from nnlab.workbook.course import ChapterFiles, CourseError

STATIC = Path(__file__).parent / "static"
OURS = "searchindex.js"  # a folder with this file is a site, and may be made anew
LEFT_OUT = (".doctrees", ".buildinfo", "objects.inv", "_sources")  # of what Sphinx writes
TITLE = "Neural networks: a workbook course"
LEAD = "From one threshold neuron to a trained classifier, chapter by chapter: read here, work in the notebooks."
ONE_LINE = (
    "This one line gives you all chapters in a folder of your own and opens them in JupyterLab, where each exercise has a check that "
    "answers at once."
)
OWN_COURSE = "Each page offers its notebook for download: there each exercise has a check that answers at once."
SHOWN = (
    "These pages show what the chapters say and what their cells print. Exercises stand as they are handed out, answers to questions are "
    "folded, and the demos move."
)
LITE = "Or <a href='lite/lab/index.html'>work in the browser</a>, with nothing to install. The first cell that runs takes a minute."
INDEX = """# {title}

{lead}

{start}

{shown}

{lite}

```{{toctree}}
:maxdepth: 1

{chapters}
```
"""
SPHINX = {ENGLISH: "en", "zh": "zh_CN"}  # what Sphinx calls our languages
SETTINGS: dict[str, Any] = {
    "project": "nnlab",
    "author": "The nnlab authors",
    "copyright": "The nnlab authors. Code: BSD-3-Clause. Text: CC BY 4.0",
    "extensions": ["myst_nb"],
    "html_theme": "sphinx_book_theme",
    "html_title": TITLE,
    "html_static_path": ["_static"],
    "html_css_files": ["nnlab.css"],
    "html_js_files": [["demo.js", {"defer": "defer"}], ["formulas.js", {"defer": "defer"}], ["print.js", {"defer": "defer"}]],
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_sphinx": False,
    "html_last_updated_fmt": None,
    "html_theme_options": {"use_download_button": False, "use_fullscreen_button": False, "show_toc_level": 2, "navbar_persistent": []},
    "html_context": {"default_mode": "auto"},
    "html_use_index": False,
    "nb_execution_mode": "off",
    "nb_ipywidgets_js": {},
    "nb_merge_streams": True,
    "myst_enable_extensions": ["amsmath", "dollarmath"],
    "myst_update_mathjax": False,
    "mathjax_path": "mathjax/tex-svg-full.js",
    "mathjax3_config": {"options": {"enableMenu": False, "enableAssistiveMml": True}, "svg": {"fontCache": "global"}},
    "exclude_patterns": ["_build", "jupyter_execute"],
    "suppress_warnings": ["myst.header"],
}
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def write_site(chapters: Sequence[ChapterFiles], to: Path, lite: bool = False) -> list[str]:
    """Write chapters as pages into a folder, in their language; a site that is there already is made anew.

    Parameters
    ----------
    chapters : sequence of ChapterFiles
        All of one language.
    to : Path
    lite : bool
        True lets the first page lead to the JupyterLite site that will lie beside it.

    Returns
    -------
    list of str
        What Sphinx warned of, one sentence each; empty where all is well.

    Raises
    ------
    CourseError
        If a chapter is out of date, or `to` is no folder, or one that holds other files.
    """
    if problems := [problem for chapter in chapters for problem in stale(chapter)]:
        raise CourseError("\n".join(problems))
    if to.exists() and not to.is_dir():
        raise CourseError(f"{to} is there already, and is no folder. Choose another place.")
    if to.is_dir() and any(to.iterdir()) and not (to / OURS).exists():
        raise CourseError(f"{to} holds other files. Choose another folder, or empty this one.")
    to.parent.mkdir(parents=True, exist_ok=True)  # a place that cannot be written to is told at once
    with (
        tempfile.TemporaryDirectory() as work,
        tempfile.TemporaryDirectory(prefix=f".{to.name}.", dir=to.parent) as beside,
        speaking(chapters[0].language),
    ):
        source = Path(work) / "source"
        _write_sources(chapters, source, lite)
        warned = _run_sphinx(source, Path(work) / "site")
        new = Path(beside) / "site"  # a site is whole or not there: half of one could not be made anew
        shutil.copytree(Path(work) / "site", new, ignore=shutil.ignore_patterns(*LEFT_OUT))
        shutil.rmtree(to, ignore_errors=True)
        new.rename(to)
    return warned


def _write_sources(chapters: Sequence[ChapterFiles], source: Path, lite: bool) -> None:
    """Write what Sphinx reads: a notebook a chapter, the first page, and all that lies beside them."""
    static = source / "_static"
    shutil.copytree(STATIC, static)
    write_atomically(static / "mathjax" / "tex-svg-full.js", _mathjax())
    drawn: set[str] = set()
    for chapter in chapters:
        made = page(chapter)
        write_atomically(source / f"{chapter.name}.ipynb", dump(made.notebook))
        write_atomically(static / "notebooks" / f"{chapter.name}.ipynb", chapter.student.read_bytes())
        for name, data in made.pictures.items():
            write_atomically(static / "figures" / name, data)
        drawn |= set(made.demos)
    for name in sorted(drawn):
        write_atomically(
            static / "demos" / f"{name}.js", f"(window.nnlabTables ||= {{}})[{json.dumps(name)}] = {json.dumps(table(name))};\n"
        )
    write_atomically(source / "index.md", _index([chapter.name for chapter in chapters], lite))


def _index(chapters: Sequence[str], lite: bool) -> str:
    """Return the first page."""
    with_nnlab = all(comes_with_nnlab(chapter) for chapter in chapters)
    start = f"```console\n$ {start_command()}\n```\n\n{say(ONE_LINE)}" if with_nnlab else say(OWN_COURSE)
    words = {"title": say(TITLE), "lead": say(LEAD), "shown": say(SHOWN), "lite": say(LITE) if lite else ""}
    return INDEX.format(**words, start=start, chapters="\n".join(chapters))


def _mathjax() -> bytes:
    """Return MathJax in one file, with its fonts as shapes and all of its packages: the pages load nothing more, from nobody."""
    found = [file for file in files("sphinx-mathjax-offline") or [] if file.name == "tex-svg-full.js"]
    return Path(str(found[0].locate())).read_bytes()


def _run_sphinx(source: Path, to: Path) -> list[str]:
    """Make the site, and return what Sphinx warned of."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    from nnlab.web.search import Pairs

    warnings = io.StringIO()
    settings = {**SETTINGS, "language": SPHINX[language()], "html_title": say(TITLE)}
    with docutils_namespace():  # else a second site in one process is warned of what the first one registered
        app = Sphinx(source, None, to, to / ".doctrees", "html", confoverrides=settings, status=None, warning=warnings)
        app.add_search_language(Pairs)
        app.build()
    return [COLOUR.sub("", line).replace(f"{source}/", "") for line in warnings.getvalue().splitlines() if line.strip()]
