"""The letters about assignments: a receipt for what was handed in, and news of a mark."""

from flask import render_template

from coursehub.accounts.models import Account
from coursehub.accounts.queries import account_of
from coursehub.assignments.models import Mark, Submission
from coursehub.assignments.queries import content_of
from coursehub.catalogue.models import Edition
from coursehub.content.models import VersionPage
from coursehub.foundation import mail
from coursehub.foundation.addresses import whole_address
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job
from coursehub.foundation.language import _, day_and_time, speaking
from coursehub.learning.rules import Json, items_of


@job
def send_receipt(submission_id: int, person_id: int) -> None:
    """What was handed in and when, with fingerprints by which anyone can prove it."""
    submission = db.session.get_one(Submission, submission_id)
    account = account_of(person_id)
    if account is None:
        return
    with speaking(account.language):
        _send(
            account,
            submission,
            "receipt",
            _("Receipt: we have what you handed in"),
            f"receipt-{submission.key}",
            content=content_of(submission_id),
            moment=day_and_time(submission.handed_in_at, account.time_zone),
        )


@job
def send_released(mark_id: int, person_id: int) -> None:
    """That a mark is there; the mark itself stands on the site."""
    given = db.session.get_one(Mark, mark_id)
    submission = db.session.get_one(Submission, given.submission_id)
    account = account_of(person_id)
    if account is not None:
        with speaking(account.language):
            subject = _("What you handed in has been marked")
            _send(account, submission, "released", subject, f"mark-{mark_id}")


def _send(
    account: Account,
    submission: Submission,
    letter: str,
    subject: str,
    letter_id: str,
    **more: object,
) -> None:
    edition = db.session.get_one(Edition, submission.edition_id)
    item = _item(submission, account.language)
    body = render_template(
        f"assignments/pages/letters/{letter}.txt",
        name=account.name,
        title=item["title"],
        submission=submission,
        link=whole_address(
            "assignments.show_version",
            edition=edition.slug,
            assignment=item["slug"],
            number=submission.number,
        ),
        **more,
    )
    # A job that is tried again sends the same letter, not one more.
    mail.send(
        to=account.email,
        subject=subject,
        body=body,
        language=account.language,
        letter_id=letter_id,
    )


def _item(submission: Submission, language: str) -> Json:
    page = db.session.get_one(VersionPage, (submission.version_id, language))
    return next(item for _m, item in items_of(page.outline) if item["id"] == submission.item_id)
