"""Quizzes: attempts that lose no answer, their marks, and what a learner sees of them."""
