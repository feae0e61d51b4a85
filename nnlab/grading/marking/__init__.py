"""From a notebook to graded items: rebuild, run, hidden tests, misconceptions."""
