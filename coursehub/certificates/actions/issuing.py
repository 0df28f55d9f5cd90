"""Issuing certificates: to one person who confirms a name, to many at once, and day by day."""

from collections.abc import Callable, Collection
from zoneinfo import ZoneInfo

from coursehub.certificates.actions.keys import ensure_key
from coursehub.certificates.actions.making import make_papers
from coursehub.certificates.formats.codes import new_code
from coursehub.certificates.formats.credential import ISSUER
from coursehub.certificates.formats.lettering import cannot_print, composed
from coursehub.certificates.mail import ask_for_name
from coursehub.certificates.models import (
    Batch,
    Certificate,
    CertificateRule,
    ConfirmedName,
    Holder,
    IssuedBy,
)
from coursehub.certificates.queries import (
    Given,
    Standing,
    editions_with_names_waiting,
    find_rule,
    given_in,
    standings_in,
)
from coursehub.certificates.rules import (
    MOST_AT_ONCE,
    completed_at,
    has_everything,
    hours_of,
    kind_of,
    titles_of,
    why_not_again,
    why_not_print,
)
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import daily, later
from coursehub.foundation.language import _, speaking
from coursehub.foundation.refusal import flush_or_refuse, refuse_if


def confirm_name(person_id: int, edition_id: int, name: str) -> bool:
    """Keep the name as it will be printed, and issue the certificate if nothing else is missing.

    False: something is. Refused if the name cannot be printed.
    """
    name = composed(" ".join(name.split()))
    refuse_if(why_not_print(name, cannot_print(name)))
    db.session.merge(
        ConfirmedName(person_id=person_id, edition_id=edition_id, name=name, confirmed_at=now())
    )
    db.session.flush()
    standings = standings_in(given_in(edition_id), find_rule(edition_id), [person_id])
    if any(one.reason or one.candidate.was_revoked for one in standings):
        return False
    return issue(edition_id, [person_id], None) == 1


def issue(edition_id: int, people: Collection[int] | None, ordered_by: int | None) -> int:
    """Issue to these people, or to everyone, what they have earned; gives to how many.

    Who lacks something is left out, and whose certificate was revoked, unless somebody chose them.
    Refused if that is everyone.
    """
    issued: list[int] = []

    def add() -> None:
        issued[:] = [_issue(edition_id, people, ordered_by)]

    ensure_key()
    # If another issues at the same moment, what is left is found again.
    flush_or_refuse(add, lambda: None)
    refuse_if(None if issued[0] else _("Nobody chosen here lacks only the certificate."))
    return issued[0]


def _issue(edition_id: int, people: Collection[int] | None, ordered_by: int | None) -> int:
    given, rule = given_in(edition_id), find_rule(edition_id)
    is_chosen = people is not None and ordered_by is not None
    ready = [
        one
        for one in standings_in(given, rule, people)
        if one.reason is None
        and why_not_again(was_revoked=one.candidate.was_revoked, is_chosen=is_chosen) is None
    ][:MOST_AT_ONCE]
    if rule is None or not ready:
        return 0
    batch = Batch(edition=given.edition, person_id=ordered_by, ordered_at=now())
    db.session.add(batch)
    db.session.flush()
    made = [_certificate(given, rule, one, batch.id) for one in ready]
    db.session.add_all(made)
    db.session.flush()
    db.session.add_all(
        Holder(certificate_id=one.id, person_id=one.person_id, name=standing.candidate.confirmed)
        for one, standing in zip(made, ready, strict=True)
    )
    later(make_papers, batch_id=batch.id)
    return len(made)


def _certificate(
    given: Given, rule: CertificateRule, standing: Standing, batch_id: int
) -> Certificate:
    language = standing.candidate.language
    outline, moment, zone = given.outline(language), now(), ZoneInfo(given.zone)
    with speaking(language):
        modules, activities = titles_of(standing.wanted)
    done_at = completed_at(rule, outline, standing.completed)
    return Certificate(
        code=new_code(),
        person_id=standing.candidate.person_id,
        batch_id=batch_id,
        edition=given.edition,
        course=given.course,
        kind=kind_of(rule, outline),
        language=language,
        title=given.title(language),
        modules=modules,
        activities=activities,
        hours=hours_of(rule, outline),
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        completed_on=done_at.astimezone(zone).date(),
        issued_on=moment.astimezone(zone).date(),
        issued_at=moment.replace(microsecond=0),
        issuer=ISSUER,
    )


def ask_for_names(edition_id: int) -> int:
    """Write to everyone who has all but a confirmed name; gives to how many."""
    given, rule = given_in(edition_id), find_rule(edition_id)
    waiting = [
        one.candidate.person_id
        for one in standings_in(given, rule)
        if rule and _lacks_only_the_name(rule, one)
    ]
    for person_id in waiting:
        key = f"certificate-name/{edition_id}/{person_id}"
        later(ask_for_name, key=key, person_id=person_id, edition_id=edition_id)
    return len(waiting)


def _lacks_only_the_name(rule: CertificateRule, standing: Standing) -> bool:
    one = standing.candidate
    is_approved = one.is_approved or rule.issued_by == IssuedBy.RULE
    is_unnamed = not one.confirmed and one.certificate is None
    return is_unnamed and is_approved and has_everything(rule, standing.wanted)


@daily
def issue_by_rule() -> Callable[[], None]:
    """Issue what was earned after its name had been confirmed."""
    return _issue_everywhere


def _issue_everywhere() -> None:
    for edition_id in editions_with_names_waiting():
        ensure_key()
        _issue(edition_id, None, None)
