"""What comes before a certificate: what it asks for, and the approval."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from coursehub.catalogue.models import Edition
from coursehub.certificates.models import Approval, CertificateRule, IssuedBy
from coursehub.certificates.queries import find_rule, given_in
from coursehub.certificates.rules import hours_of, why_not_approve, why_not_ask_for
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.language import _
from coursehub.foundation.refusal import Refused, refuse_if
from coursehub.learning.rules import items_of


def ask_for(
    edition: Edition,
    modules: Sequence[str],
    activities: Sequence[str],
    issued_by: IssuedBy,
    hours: float | None,
) -> CertificateRule:
    """Say what an edition's certificate asks for, by the addresses of modules and activities."""
    given = given_in(edition.id)
    outline = next(iter(given.pages.values()))[1]
    known = {module["slug"]: module["id"] for module in outline}
    # Nobody should have to read all lessons twice: a lesson is asked for with its module.
    things = {
        item["slug"]: item["id"]
        for _m, item in items_of(outline)
        if item["kind"] not in ("lesson", "planned")
    }
    rule = CertificateRule(
        edition_id=edition.id,
        modules=[_found(known, slug) for slug in modules],
        activities=[_found(things, slug) for slug in activities],
        issued_by=issued_by,
        hours=hours,
        set_at=now(),
    )
    refuse_if(why_not_ask_for(rule.modules, rule.activities, hours_of(rule, outline)))
    return db.session.merge(rule)


def _found(known: dict[str, int], slug: str) -> int:
    if slug not in known:
        raise Refused(
            _(
                "There is no “%(name)s” here. There are: %(known)s.",
                name=slug,
                known=", ".join(known),
            )
        )
    return known[slug]


def approve(edition_id: int, people: Collection[int], approved_by: int) -> int:
    """Approve these people's certificates; gives how many were not approved before."""
    refuse_if(why_not_approve(find_rule(edition_id)))
    known = set(
        db.session.scalars(
            select(Approval.person_id).where(
                Approval.edition_id == edition_id, Approval.person_id.in_(people)
            )
        )
    )
    fresh = sorted(set(people) - known)
    for person_id in fresh:
        db.session.add(
            Approval(
                person_id=person_id,
                edition_id=edition_id,
                approved_by=approved_by,
                approved_at=now(),
            )
        )
    db.session.flush()
    return len(fresh)
