"""Walls around student code, and what crosses them."""
