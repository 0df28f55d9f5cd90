"""Where the addresses of quizzes are registered."""

from flask import Blueprint

bp = Blueprint("quizzes", __name__)
