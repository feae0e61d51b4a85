"""Questions: `predict("slope_at_one")` shows a field and unfolds the answer once something was entered; `recall(...)` asks several.

`bank` holds the questions that the chapters were built with, `judge` says whether what was entered is right, `field` is what a student
fills in where widgets and a kernel are, and `ask` brings them together, with a plain form for everywhere else.
"""
