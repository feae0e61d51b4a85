"""Where instructors change marks by hand."""
