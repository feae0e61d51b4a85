"""Live lectures from a chapter's source: what is typed and said step by step, a plan for the hour, and catch-up notebooks."""
