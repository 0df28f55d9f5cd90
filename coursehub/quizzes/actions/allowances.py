"""Giving someone more time or more attempts, in every quiz of the site."""

from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.quizzes.models import Accommodation
from coursehub.quizzes.rules import Allowance


def give_allowance(person_id: int, allowance: Allowance, note: str) -> None:
    """Let this hold for attempts that start from now on, in place of what held before."""
    row = db.session.get(Accommodation, person_id) or Accommodation(person_id=person_id)
    row.more_time_percent = allowance.more_time_percent
    row.more_attempts = allowance.more_attempts
    row.note, row.set_at = note, now()
    db.session.add(row)
