"""Instructors' room: collect, rebuild, run in a sandbox, hidden tests, gradebook, feedback."""

import sys

# jsonschema imports it, if it is there, to check web addresses; notebooks have none, and its grammar costs every worker over a second
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
