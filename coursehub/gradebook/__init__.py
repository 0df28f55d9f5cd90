"""Grades: what quizzes and assignments add up to, by a scheme that everyone can read."""
