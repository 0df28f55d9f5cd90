"""Grades in the browser: for those who teach, and for each learner their own."""

from coursehub.gradebook.views import book, files
from coursehub.gradebook.views.blueprint import bp

__all__ = ["book", "bp", "files"]
