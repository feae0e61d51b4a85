"""Authors' room: build the notebooks, check them, release them. It is the first that reads notebooks."""

import sys

# jsonschema imports it, if it is there, to check web addresses; notebooks have none, and its grammar costs every process over a second
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
