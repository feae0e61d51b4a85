"""What people change about marks: the model of an adjustment, and what a set of them makes of a class's marks."""
