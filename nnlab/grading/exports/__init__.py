"""For learning systems: Moodle, Canvas, Gradescope, nbgrader, JSON."""
