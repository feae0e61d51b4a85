"""The student's own code: what passed its check is kept in `mine.py` beside the notebook, and later chapters use it.

`keep` writes an answer there, `file` reads and edits the file, `give` answers `from mine import softmax`, and `shelf` shows all of it.
"""
