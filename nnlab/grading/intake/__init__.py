"""Whose submission is it, and which one counts: folders, zips, names, rosters, deadlines."""
