"""An assignment for those who hand it in, and for those who mark it."""

from coursehub.assignments.views import arriving, handing_in, marking, queue, reviewing
from coursehub.assignments.views.places import bp

__all__ = ["arriving", "bp", "handing_in", "marking", "queue", "reviewing"]
