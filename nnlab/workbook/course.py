"""Where the parts of a course lie on disk, and what a chapter consists of."""

from __future__ import annotations

import runpy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nnlab.checks import chapters
from nnlab.checks._exercise import Chapter
from nnlab.languages import ENGLISH


class CourseError(ValueError):
    """Something about the course's files is not as it should be; the message says what and what to do."""


@dataclass(frozen=True)
class Course:
    """A folder with `solutions/`, `chapters/` and `tests/`.

    Parameters
    ----------
    root : Path
        The folder itself.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Return the course that `start` (default: the current folder) lies in.

        Raises
        ------
        CourseError
            If no folder from `start` upwards has `solutions/` and `chapters/`.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / "solutions").is_dir() and (folder / "chapters").is_dir():
                return cls(folder)
        raise CourseError(f"{start} is not in a course: no folder from there upwards has solutions/ and chapters/. Try --course FOLDER.")

    @property
    def names(self) -> list[str]:
        """The chapters that have a source, in order."""
        return sorted(path.stem for path in self.root.glob("solutions/[0-9][0-9]_*.py"))

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
        return self.root / "nnlab" / "checks"

    @property
    def lines(self) -> Path:
        """What its checkpoints print, for `nnlab.checks` to compare with at once."""
        return self._built("nnlab", "checks", "lines") / f"{self.name}.json"

    @property
    def questions(self) -> Path:
        """Its questions with their answers, for `predict` and `recall`."""
        return self._built("nnlab", "checks", "questions") / f"{self.name}.json"

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
        return self.root / "nnlab" / "languages" / self.language / f"{self.name}.json"

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
        """The exercises as declared in `nnlab.checks`.

        Raises
        ------
        CourseError
            If `nnlab.checks` has no module for this chapter.
        """
        if self.name not in chapters():
            raise CourseError(f"{self.name} has no exercises: add nnlab/checks/{self.name[3:]}.py with a CHAPTER of that name.")
        return chapters()[self.name]

    def require_exercises(self, what: str) -> None:
        """Raise a CourseError if the chapter has no exercises, and so nothing to do `what` with."""
        if not self.declared.exercises:
            raise CourseError(f"{self.name} has no exercises: there is nothing to {what}. It is there to be read and run.")

    def mutant_tables(self) -> dict[str, Any]:
        """Return `MUTANTS` and `VARIANTS` of the chapter, empty where there is no file."""
        return runpy.run_path(str(self.mutants)) if self.mutants.exists() else {"MUTANTS": {}, "VARIANTS": {}}
