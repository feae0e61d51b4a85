"""Instructors' room: collect, rebuild, run in a sandbox, hidden tests, gradebook, feedback."""
