"""How a class runs through the grader: what has changed, one submission as a job, where jobs run; and a chapter's own proof."""
