"""Keeping what someone writes, without one tab taking away what another has written."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from coursehub.assignments.models import Draft
from coursehub.assignments.queries import find_draft
from coursehub.assignments.rules import Json
from coursehub.enrolment.queries import find_place
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.queries import Reading
from coursehub.learning.rules import why_not_record


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page sends: the text and links on it, its own name, and the revision it began from."""

    text: str
    links: Sequence[str]
    page: str
    seen: int


class Conflict(Exception):
    """Another page has changed the draft since this one was drawn; nothing was changed now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("changed elsewhere")
        self.text, self.links = draft.text, list(draft.links)
        self.revision, self.changed_at = draft.revision, draft.changed_at


def save_draft(person_id: int, reading: Reading, item: Json, typed: Typed) -> Draft:
    """Keep what a page says. Raises Conflict if it would take away what another page has said.

    Sent twice it is one change; what the draft says already changes nothing.
    """
    place = find_place(person_id, reading.edition_id, is_held=True)
    refuse_if(why_not_record(is_enrolled=place is not None))
    try:
        with db.session.begin_nested():
            return _changed(person_id, reading, item, typed)
    except IntegrityError:  # another tab began the draft in the same moment
        return _changed(person_id, reading, item, typed)


def _changed(person_id: int, reading: Reading, item: Json, typed: Typed) -> Draft:
    draft = find_draft(person_id, reading, item, is_held=True)
    if (draft.text, list(draft.links)) == (typed.text, list(typed.links)):
        return draft
    if draft.revision != typed.seen and draft.changed_in != typed.page:
        raise Conflict(draft)
    draft.text, draft.links = typed.text, list(typed.links)
    draft.revision, draft.changed_in, draft.changed_at = draft.revision + 1, typed.page, now()
    db.session.add(draft)
    db.session.flush()
    return draft
