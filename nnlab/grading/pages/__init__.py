"""What people look at: feedback, class page, similarity."""
