"""Instructors' room: collect, rebuild, run in a sandbox, hidden tests, gradebook, feedback."""

import nnlab.workbook  # noqa: F401  # before nbformat: it keeps a slow import out
