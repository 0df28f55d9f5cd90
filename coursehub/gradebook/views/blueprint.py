"""Where the addresses of grades are registered."""

from flask import Blueprint

bp = Blueprint("gradebook", __name__)
