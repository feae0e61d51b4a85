"""The plan of a lecture, on paper: sections with minutes, what a short one leaves out, what to ask, what students get wrong."""

from __future__ import annotations

from collections.abc import Iterator

from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.lecture.mistakes import message
from nnlab.workbook.lecture.outline import LENGTHS, Cell, Section, outline, require_fits, taught


def plan(chapter: ChapterFiles, minutes: int) -> str:
    """Return the plan as Markdown.

    Raises
    ------
    CourseError
        If it takes longer than its minutes, or a planned mistake cannot be what the class will see.
    """
    sections = outline(chapter)
    require_fits(chapter, sections, minutes)
    kept = taught(sections, minutes)
    lines = [f"# {chapter.declared.title}: plan for {minutes} minutes", "", *_table(sections, minutes)]
    for section in sections:
        inside = list(_remarks(chapter, section)) if section in kept else []
        if inside:
            lines += ["", f"## {section.title} ({section.minutes:.0f} min)", "", *inside]
    return "\n".join(lines) + "\n"


def _table(sections: list[Section], minutes: int) -> Iterator[str]:
    yield f"| section | {' | '.join(f'in {length}' for length in LENGTHS)} | clock |"
    yield "|---|" + "--:|" * (len(LENGTHS) + 1)
    clock = 0.0
    for section in sections:
        each = [
            f"{section.minutes:.0f}" if section in taught(sections, length) else "home" if section.home else "cut" for length in LENGTHS
        ]
        starts = f"{clock:.0f}′" if section in taught(sections, minutes) else ""
        yield f"| {'– ' * (section.level > 2)}{section.title} | {' | '.join(each)} | {starts} |"
        clock += section.minutes if section in taught(sections, minutes) else 0
    totals = [f"**{sum(section.minutes for section in taught(sections, length)):.0f}**" for length in LENGTHS]
    yield f"| in all | {' | '.join(totals)} | |"


def _remarks(chapter: ChapterFiles, section: Section) -> Iterator[str]:
    """Yield what the lecturer wants at hand in a section."""
    for cell in section.cells:
        yield from (f"- Say: {say}" for say in cell.notes.say)
        if cell.is_question:
            yield f"- Ask: {cell.question}"
            yield from (f"    - {letter}. {option}: {tells}" for letter, (option, tells) in zip("ABCDEF", cell.notes.options, strict=False))
        yield from (f"- Answer: {_line(each.answer)}" for each in [cell.answers] if each)
        for each in cell.recalls:
            yield f"- Ask: {_line(each.text)}"
            yield from (f"    - {letter}. {option}: {tells}" for letter, (option, tells) in each.letters.items())
            yield f"    - Answer: {_line(each.answer)}"
        if cell.typed:
            yield from _typed(chapter, cell)


def _line(text: str) -> str:
    return " ".join(text.split())


def _typed(chapter: ChapterFiles, cell: Cell) -> Iterator[str]:
    """Yield the steps of an exercise, its planned mistakes, and what students get wrong in it."""
    assert cell.typed is not None
    yield f"- Type `{cell.exercise}`:"
    for step in cell.typed.steps:
        yield (
            f"    - {step.say}"
            if not step.wrong
            else f"    - Planned mistake. The class will see: {message(chapter, cell.exercise, step.text)}"
        )
    for known in chapter.declared[cell.exercise].misconceptions:
        yield f"    - Students' mistake: {known.name}. Ask: {known.question}"
