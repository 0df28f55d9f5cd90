"""The letter that welcomes someone to an edition."""

from flask import current_app, render_template

from coursehub.accounts.models import Account
from coursehub.accounts.queries import account_of
from coursehub.catalogue.models import Edition
from coursehub.catalogue.queries import course_slug_of, find_offer
from coursehub.enrolment.models import Enrolment
from coursehub.foundation import mail
from coursehub.foundation.addresses import whole_address
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job
from coursehub.foundation.language import _, day_and_time, speaking


@job
def send_welcome(enrolment_id: int) -> None:
    """No letter goes to an account that is gone, nor about a place given up meanwhile."""
    place = db.session.get_one(Enrolment, enrolment_id)
    account = account_of(place.person_id)
    if account is None or place.ended_at is not None:
        return
    with speaking(account.language):
        edition = db.session.get_one(Edition, place.edition_id)
        title = _title(edition, account.language)
        mail.send(
            to=account.email,
            subject=_("Your place in “%(course)s”", course=title),
            body=_body(account, edition, title),
            language=account.language,
            letter_id=f"welcome-{place.id}",
        )


def _title(edition: Edition, language: str) -> str:
    offer = find_offer(course_slug_of(edition), language, edition.slug)
    assert offer is not None  # noqa: S101 - an edition with places is announced and stays so
    return str(offer.course["title"])


def _body(account: Account, edition: Edition, title: str) -> str:
    return render_template(
        "enrolment/pages/letters/welcome.txt",
        name=account.name,
        title=title,
        starts=day_and_time(edition.starts_at, account.time_zone),
        ends=day_and_time(edition.ends_at, account.time_zone),
        link=whole_address("learning.show_course", edition=edition.slug),
        leaving=whole_address("enrolment.confirm_leaving", edition=edition.slug),
        contact_email=current_app.extensions["coursehub"].contact_email,
    )
