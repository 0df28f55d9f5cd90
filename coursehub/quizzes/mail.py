"""Letters about results: a question was corrected, or answers were marked by a person."""

from flask import current_app, render_template

from coursehub.accounts.queries import account_of
from coursehub.catalogue.models import Edition
from coursehub.foundation import mail
from coursehub.foundation.addresses import whole_address
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job
from coursehub.foundation.language import _, decimal, speaking
from coursehub.quizzes.models import Correction, QuizAttempt
from coursehub.quizzes.queries import find_title


@job
def send_marked(attempt_id: int, marks: int, person_id: int) -> None:
    """Tell someone that a person has marked answers of theirs; `marks` tells one letter's press."""
    account = account_of(person_id)
    if account is None:
        return
    attempt = db.session.get_one(QuizAttempt, attempt_id)
    edition = db.session.get_one(Edition, attempt.edition_id)
    slug, title = find_title(edition.version_id, attempt.item_id, account.language)
    where = {"edition": edition.slug, "quiz": slug, "number": attempt.number}
    with speaking(account.language):
        mail.send(
            to=account.email,
            subject=_("Your answers in “%(quiz)s” are marked", quiz=title),
            body=render_template(
                "quizzes/pages/letters/marked.txt",
                name=account.name,
                quiz=title,
                link=whole_address("quizzes.review", **where),
                contact_email=current_app.extensions["coursehub"].contact_email,
            ),
            language=account.language,
            letter_id=f"marked-{attempt_id}-{marks}",
        )


@job
def send_regraded(attempt_id: int, correction_id: int, before: str, after: str) -> None:
    """Tell someone what counts now; `correction_id` 0 means that late answers were counted."""
    attempt = db.session.get_one(QuizAttempt, attempt_id)
    account = account_of(attempt.person_id)
    if account is None:
        return
    correction = db.session.get(Correction, correction_id) if correction_id else None
    edition = db.session.get_one(Edition, attempt.edition_id)
    slug, title = find_title(edition.version_id, attempt.item_id, account.language)
    with speaking(account.language):
        mail.send(
            to=account.email,
            subject=_("Your result in “%(quiz)s” has changed", quiz=title),
            body=render_template(
                "quizzes/pages/letters/regraded.txt",
                name=account.name,
                quiz=title,
                before=decimal(float(before)),
                after=decimal(float(after)),
                reason=correction.reason if correction else None,
                link=whole_address("quizzes.show_quiz", edition=edition.slug, quiz=slug),
                contact_email=current_app.extensions["coursehub"].contact_email,
            ),
            language=account.language,
            letter_id=f"regraded-{attempt_id}-{correction_id}-{after}",
        )
