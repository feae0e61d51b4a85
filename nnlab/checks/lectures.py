"""Chapter 00, for students of the five lectures: an appendix to read and run. It has no exercises."""

from __future__ import annotations

from nnlab.checks._exercise import Chapter

CHAPTER = Chapter("00_lectures", "For students of the five lectures", ())
