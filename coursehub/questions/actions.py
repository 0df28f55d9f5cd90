"""Makes banks, holds files until someone has looked at them, and takes them in."""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, select, update

from coursehub.content.actions.banks import Kept, bank_for, keep
from coursehub.content.models import Bank, BankQuestion, QuestionState
from coursehub.content.queries import find_bank
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import daily
from coursehub.foundation.refusal import refuse_if
from coursehub.foundation.search import fold
from coursehub.questions.formats.taking import Import
from coursehub.questions.models import HeldFile
from coursehub.questions.rules.keeping import why_not_take

HELD_HOURS = 24
MOST_NAME = 60


def name_for(title: str) -> str:
    """A bank's title as the name of its file."""
    key = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:MOST_NAME].strip("-")
    return key or "banco"


def make_bank(course_id: int | None, title: str, language: str) -> Bank:
    """A new bank, or the one that has this name already."""
    key = name_for(title)
    return find_bank(course_id, key) or bank_for(course_id, key, {language: title})


def hold(bank_id: int, content: bytes, name: str, language: str) -> HeldFile:
    """Keep a file until somebody has seen what would become of it."""
    held = HeldFile(
        key=secrets.token_urlsafe(12),
        bank_id=bank_id,
        language=language,
        name=name[:200],
        content=content,
        sent_at=now(),
    )
    db.session.add(held)
    return held


def take(bank: Bank, held: HeldFile, read: Import) -> Kept:
    """Keep what was read from a held file, and let the file go."""
    refuse_if(why_not_take(taken=len(read.taken)))
    db.session.scalar(select(Bank.id).where(Bank.id == bank.id).with_for_update())
    kept = keep(bank, (one.question for one in read.taken))
    db.session.delete(held)
    return kept


def set_state(question_id: int, state: QuestionState) -> None:
    """Say whether a question may be asked."""
    changed = update(BankQuestion).where(BankQuestion.id == question_id)
    db.session.execute(changed.values(state=state))


@daily
def forget_held() -> Callable[[], None]:
    """Delete files that nobody took within a day."""
    return _forget


def _forget() -> None:
    long_ago = now() - timedelta(hours=HELD_HOURS)
    db.session.execute(delete(HeldFile).where(HeldFile.sent_at < long_ago))
