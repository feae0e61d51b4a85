"""Where the parts of a course lie on disk, and what a chapter consists of."""

from __future__ import annotations

import runpy
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nnlab import exercises
from nnlab.checks import chapters
from nnlab.checks._exercise import Chapter
from nnlab.languages import ENGLISH, LANGUAGES


class CourseError(ValueError):
    """Something about the course's files is not as it should be; the message says what and what to do."""


def settings(folder: Path) -> dict[str, Any] | None:
    """Return what `[tool.nnlab]` of a folder's pyproject.toml says, or None where there is no such table.

    `course` is the folder of the course, from there (default: the same folder).

    Raises
    ------
    CourseError
        If the file cannot be read, or names what nobody knows.
    """
    path = folder / "pyproject.toml"
    try:
        said = tomllib.loads(path.read_text("utf-8")).get("tool", {}).get("nnlab") if path.is_file() else None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is no TOML: {error}.") from error
    if said is not None and (not isinstance(said, dict) or said.keys() - {"course"} or not isinstance(said.get("course", ""), str)):
        raise CourseError(f'{path}: [tool.nnlab] knows course = "FOLDER" alone.')
    return said


@dataclass(frozen=True)
class Course:
    """A folder with `solutions/`, `chapters/` and `tests/`, and with `exercises/` where it has chapters of its own.

    Parameters
    ----------
    root : Path
        The folder itself.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Return the course that `start` (default: the current folder) lies in, and find the chapters of its own from now on.

        Raises
        ------
        CourseError
            If no folder from `start` upwards has `solutions/` and `chapters/`, or a `[tool.nnlab]` in its pyproject.toml.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            said = settings(folder)
            if said is not None or ((folder / "solutions").is_dir() and (folder / "chapters").is_dir()):
                course = cls((folder / str((said or {}).get("course", "."))).resolve())
                course.use()
                return course
        raise CourseError(
            f"{start} is not in a course: no folder from there upwards has solutions/ and chapters/, or [tool.nnlab] in a pyproject.toml. "
            "Try --course FOLDER. `nnlab new chapter 01_name --course FOLDER` begins one."
        )

    def use(self) -> None:
        """Find the chapters of this course's own from now on."""
        exercises.use(self.root / exercises.FOLDER)

    @property
    def names(self) -> list[str]:
        """The chapters that have a source, in order."""
        return sorted(path.stem for path in self.root.glob("solutions/[0-9][0-9]_*.py"))

    def said(self, language: str, room: str) -> Path:
        """Return the file of the sentences of a chapter in a language, or of one of our own rooms: "checks", "figures"."""
        return self.root / "nnlab" / "languages" / language / f"{room}.json"

    def chapter(self, name: str) -> ChapterFiles:
        """Return one chapter by its name, its number ("03") or its lesson ("forward_propagation").

        Raises
        ------
        CourseError
            If there is no such chapter.
        """
        found = [each for each in self.names if name in (each, each[:2], each[3:])]
        if not found:
            raise CourseError(f"there is no chapter {name!r}. The chapters are: {', '.join(self.names) or 'none yet'}.")
        return ChapterFiles(self.root, found[0])

    def chapters(self, names: list[str] | None = None) -> list[ChapterFiles]:
        """Return the chapters of these names, or all."""
        return [self.chapter(name) for name in names or self.names]


@dataclass(frozen=True)
class ChapterFiles:
    """The files of one chapter, all under its one name."""

    root: Path
    name: str
    language: str = field(default=ENGLISH, kw_only=True)

    def translated(self, language: str) -> ChapterFiles:
        """Return the files of the chapter in another language; its source, its tests and its samples are the same."""
        return replace(self, language=language)

    @property
    def translations(self) -> list[Path]:
        """The notebooks that students get in other languages, as far as there are any."""
        paths = (self.translated(language).student for language in LANGUAGES if language != ENGLISH)
        return [path for path in paths if path.exists()]

    def _built(self, *folders: str) -> Path:
        """Return the folder of what is built; a language has its own inside the English one."""
        return Path(self.root, *folders, *([] if self.language == ENGLISH else [self.language]))

    @property
    def source(self) -> Path:
        """The percent script everything else is built from."""
        return self.root / "solutions" / f"{self.name}.py"

    @property
    def solution(self) -> Path:
        """The executed notebook with the solutions."""
        return self._built("solutions") / f"{self.name}.ipynb"

    @property
    def student(self) -> Path:
        """The notebook for students."""
        return self._built("chapters") / f"{self.name}.ipynb"

    @property
    def checks(self) -> Path:
        """The folder of the checks, where the course has it: what its notebooks ask and print stands there."""
        return self.own.parent if self.own.exists() else self.root / "nnlab" / "checks"

    @property
    def own(self) -> Path:
        """The file that declares the chapter, if it is one of the course's own."""
        return self.root / exercises.FOLDER / f"{self.name}.py"

    @property
    def lines(self) -> Path:
        """What its checkpoints print, for `nnlab.checks` to compare with at once."""
        return self._built(str(self.checks.relative_to(self.root)), "lines") / f"{self.name}.json"

    @property
    def questions(self) -> Path:
        """Its questions with their answers, for `predict` and `recall`."""
        return self._built(str(self.checks.relative_to(self.root)), "questions") / f"{self.name}.json"

    @property
    def hidden_tests(self) -> Path:
        """The hidden tests."""
        return self.root / "tests" / "hidden" / f"test_{self.name}.py"

    @property
    def mutants(self) -> Path:
        """Wrong answers, and right ones written otherwise."""
        return self.root / "tests" / "mutants" / f"{self.name}.py"

    @property
    def catalogue(self) -> Path:
        """Its text cells in the chapter's language."""
        return self.root / "translations" / self.language / f"{self.name}.md"

    @property
    def sentences(self) -> Path:
        """The sentences of its exercises and code in the chapter's language."""
        return Course(self.root).said(self.language, self.name)

    @property
    def hidden_sentences(self) -> Path:
        """The sentences of its hidden tests in the chapter's language; no student has them."""
        return self.catalogue.with_suffix(".json")

    @property
    def samples(self) -> Path:
        """The folder of sample submissions."""
        return self.root / "tests" / "submissions" / self.name

    @property
    def declared(self) -> Chapter:
        """The exercises as declared in `nnlab.checks`, or in the course's own `exercises/`.

        Raises
        ------
        CourseError
            If there is no module for this chapter, or it cannot be run.
        """
        Course(self.root).use()
        try:
            known = chapters()
        except ValueError as error:
            raise CourseError(str(error)) from error
        if self.name not in known:
            raise CourseError(f"{self.name} has no exercises: add {self.own} with a CHAPTER of that name. `nnlab new chapter` writes one.")
        return known[self.name]

    def require_exercises(self, what: str) -> None:
        """Raise a CourseError if the chapter has no exercises, and so nothing to do `what` with."""
        if not self.declared.exercises:
            raise CourseError(f"{self.name} has no exercises: there is nothing to {what}. It is there to be read and run.")

    def mutant_tables(self) -> dict[str, Any]:
        """Return `MUTANTS` and `VARIANTS` of the chapter, empty where there is no file."""
        return runpy.run_path(str(self.mutants)) if self.mutants.exists() else {"MUTANTS": {}, "VARIANTS": {}}
