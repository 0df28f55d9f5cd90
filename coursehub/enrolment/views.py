"""A course's page, the places in its editions, and giving a place up."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.catalogue.models import Edition
from coursehub.catalogue.queries import (
    Offer,
    course_slug_of,
    editions_of,
    find_announced_edition,
    find_offer,
    instructors_of,
)
from coursehub.catalogue.rules import state_of
from coursehub.enrolment import actions
from coursehub.enrolment.queries import editions_held, find_place
from coursehub.enrolment.rules import edition_to_show, may_enrol, why_not_enrol, why_not_leave
from coursehub.foundation.access import found, guarded, public, signed_in
from coursehub.foundation.clock import now
from coursehub.foundation.database import writing
from coursehub.foundation.language import _, language
from coursehub.foundation.refusal import refuse_if

bp = Blueprint("enrolment", __name__)


@bp.get("/courses/<slug>")
@public
def show_course(slug: str) -> ResponseReturnValue:
    held = editions_held(current_user.person_id, slug) if current_user.is_signed_in else []
    shown = edition_to_show(held, now())
    asked = request.args.get("edition") or (shown.slug if shown else "")
    offer = found(find_offer(slug, language(), asked))
    return render_template(
        "enrolment/pages/course.html",
        offer=offer,
        has_place=offer.edition in held,
        others=_others(offer),
        instructors=instructors_of(offer.course_id),
        **_asked_for(offer.edition),
    )


@bp.post("/editions/<edition>/enrolment")
@guarded(may_enrol, visitors=True)
def enrol(edition: str) -> ResponseReturnValue:
    wanted = found(find_announced_edition(edition))
    if not may_enrol(current_user, wanted, now()):
        return redirect(url_for("accounts.sign_in", next=_page_of(wanted)), 303)
    with writing():
        is_new = actions.enrol(current_user.person_id, wanted)
    if is_new:
        flash(
            _("You have a place in this edition. An email with the details is on its way to you.")
        )
    else:
        flash(_("You already have a place in this edition. Nothing was changed."))
    return redirect(url_for("learning.show_course", edition=edition), 303)


@bp.get("/editions/<edition>/enrolment/end")
@signed_in
def confirm_leaving(edition: str) -> ResponseReturnValue:
    held = found(find_announced_edition(edition))
    found(find_place(current_user.person_id, held.id))
    refuse_if(why_not_leave(held, now()))
    offer = found(find_offer(course_slug_of(held), language(), edition))
    return render_template("enrolment/pages/leave.html", offer=offer)


@bp.post("/editions/<edition>/enrolment/end")
@signed_in
def leave(edition: str) -> ResponseReturnValue:
    held = found(find_announced_edition(edition))
    with writing():
        has_left = actions.leave(current_user.person_id, held)
    if has_left:
        flash(_("You have given up your place. What you completed stays recorded."))
    return redirect(_page_of(held), 303)


def _page_of(edition: Edition) -> str:
    return url_for(".show_course", slug=course_slug_of(edition), edition=edition.slug)


def _others(offer: Offer) -> list[tuple[Edition, str]]:
    moment = now()
    return [
        (one, state_of(one, moment)) for one in editions_of(offer.course_id) if one != offer.edition
    ]


def _asked_for(edition: Edition | None) -> dict[str, str | None]:
    """The zone in which the page's moments are told, and why nobody can enrol now."""
    if edition is None:
        return {"zone": None, "why": None}
    zone = current_user.time_zone or edition.zone
    return {"zone": zone, "why": why_not_enrol(edition, now(), has_place=False, zone=zone)}
