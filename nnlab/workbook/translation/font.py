"""The letters of Chinese figures: those that are used, cut out of a free font.

    python -m nnlab.workbook.translation.font NotoSansCJK-Regular.ttc

Any font of the family Noto Sans CJK will do (SIL Open Font License 1.1; Debian: fonts-noto-cjk). It is needed anew when a translation of a
figure uses a new character: `nnlab build` says so.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from nnlab.languages import FOLDER

FONTS = FOLDER.parent / "plots" / "fonts"
SIMPLIFIED = "Noto Sans CJK SC"
ALWAYS = "，。、：；！？（）“”《》…—"


def letters(language: str) -> str:
    """Return the characters that figures are written with in a language, sorted, without those that DejaVu has."""
    said = json.loads((FOLDER / language / "figures.json").read_text("utf-8"))
    return "".join(sorted({letter for text in said.values() for letter in text if ord(letter) >= 0x3000} | set(ALWAYS)))


def lacking(language: str) -> str:
    """Return the characters that figures need and the font has not."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    path = FONTS / f"{language}.otf"
    there = set(TTFont(path).getBestCmap()) if path.exists() else set()
    return "".join(letter for letter in letters(language) if ord(letter) not in there)


def cut(font: Path, language: str = "zh") -> Path:
    """Cut a font down to the letters that are used, and return where it lies."""
    from fontTools.subset import Options, Subsetter, load_font, save_font  # type: ignore[import-untyped]
    from fontTools.ttLib import TTCollection

    faces = TTCollection(font).fonts if font.suffix == ".ttc" else []
    number = next((index for index, face in enumerate(faces) if face["name"].getDebugName(1) == SIMPLIFIED), -1)
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"], font_number=number)
    face = load_font(str(font), options)
    subsetter = Subsetter(options)
    subsetter.populate(text=letters(language))
    subsetter.subset(face)
    FONTS.mkdir(exist_ok=True)
    save_font(face, str(FONTS / f"{language}.otf"), options)
    return FONTS / f"{language}.otf"


if __name__ == "__main__":
    print(cut(Path(sys.argv[1])))
