"""How an answer is judged: call it, compare, say what differs, and name the mistake behind it."""
