"""The pages for what went wrong: in the site's design and language, never with a stack trace."""

import logging
import sqlite3

from flask import Flask, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from coursehub.foundation.database import db
from coursehub.foundation.language import _, language, speaking
from coursehub.foundation.pages import address_in
from coursehub.foundation.refusal import Refused
from coursehub.settings import LANGUAGES

log = logging.getLogger(__name__)

RETRY_SECONDS = 5


def words_for(code: int) -> tuple[str, str]:
    """Title and explanation of an error page in the language being spoken."""
    return {
        400: (
            _("We could not read this request"),
            _(
                "The address or the form arrived incomplete. "
                "Go back, reload the page and try again."
            ),
        ),
        403: (
            _("You do not have access to this page"),
            _("Your account does not include it. If it should, write to the Secretariat."),
        ),
        404: (
            _("We did not find this page"),
            _(
                "The address has changed or has a letter too many. "
                "What you saved on the platform is not lost."
            ),
        ),
        405: (
            _("This address does not work that way"),
            _(
                "It takes another kind of request. "
                "Go back to the page you came from and use its buttons."
            ),
        ),
        413: (
            _("What you sent is too large"),
            _("Nothing was saved. Shorten the text or send a smaller file."),
        ),
        429: (
            _("Too many attempts from this connection"),
            _(
                "Wait a few minutes and try again. "
                "Others in your office may be using the same connection."
            ),
        ),
        500: (
            _("Something went wrong on our side"),
            _(
                "The error has been recorded. What you had saved before is not lost. "
                "Try again in a few minutes."
            ),
        ),
        503: (
            _("The platform is not available at the moment"),
            _(
                "Nothing was saved just now; what you had saved before is not lost. Go back, wait "
                "a moment and try again: what you typed is still on the page."
            ),
        ),
    }.get(code) or (_("This did not work"), _("Go back to the page you came from and try again."))


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, show_reason)
    app.register_error_handler(CSRFError, show_expired)
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(OperationalError, show_busy)
    app.register_error_handler(Exception, show_fault)


def show_reason(refused: Refused) -> ResponseReturnValue:
    referrer = request.referrer or ""
    back = referrer if referrer.startswith(request.host_url) else "/"
    return render_template("layout/refused.html", reason=refused.reason, back=back), 409


def show_expired(error: CSRFError) -> ResponseReturnValue:
    title = _("This page had been open for too long")
    text = _(
        "Nothing was changed. Go back, reload the page and send the form again; "
        "what you typed is still there."
    )
    return page(400, title, text), 400


def show_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    try:
        answer = make_response(page(code, *words_for(code)), code)
    except SQLAlchemyError as fault:  # even who asks, and in which language, stands in the database
        return show_busy(fault) if isinstance(fault, OperationalError) else show_fault(fault)
    if code in (405, 416):
        answer.headers.extend(error.get_headers())
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
    return answer


def show_busy(error: OperationalError) -> ResponseReturnValue:
    """The database is away, or others write to it for longer than anyone should wait."""
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return show_fault(error)  # SQLite says the same of a statement that is wrong
    log.error("the database cannot be used: %s", str(error.orig).splitlines()[0])
    _let_go(error)
    answer = make_response(page(503, *words_for(503)), 503)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def show_fault(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected")
    _let_go(error)
    return page(500, *words_for(500)), 500


def page(code: int, title: str, text: str) -> str:
    """An error page, with its title and a link in the other two languages."""
    settings = current_app.extensions["coursehub"]
    elsewhere = []
    for other in LANGUAGES:
        if other != language():
            with speaking(other):
                elsewhere.append((other, words_for(code)[0], address_in(settings, other)))
    return render_template(
        "layout/error.html", code=code, title=title, text=text, elsewhere=elsewhere
    )


def _let_go(error: Exception) -> None:
    # The page must be drawn even when the database is away: nobody is asked for again.
    if isinstance(error, SQLAlchemyError) or not hasattr(g, "_login_user"):
        g._login_user = AnonymousUserMixin()
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
