"""Assignments: drafts, what is handed in with its files, and marks by a rubric."""
