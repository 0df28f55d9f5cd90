"""Quizzes in the browser: taking them, and looking after them."""

from coursehub.quizzes.views import judging, taking, teaching
from coursehub.quizzes.views.blueprint import bp

__all__ = ["bp", "judging", "taking", "teaching"]
