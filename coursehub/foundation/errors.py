"""The pages for what went wrong: in the site's design and language, and never with a stack trace."""

import logging

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from coursehub.foundation.database import db
from coursehub.foundation.language import _, language, speaking
from coursehub.foundation.pages import address_in
from coursehub.foundation.refusal import Refused
from coursehub.settings import LANGUAGES, Settings

log = logging.getLogger(__name__)


def words_for(code: int) -> tuple[str, str]:
    """Title and explanation of an error page in the language being spoken."""
    return {
        400: (_("We could not read this request"), _("The address or the form arrived incomplete. Go back, reload the page and try again.")),
        403: (_("You do not have access to this page"), _("Your account does not include it. If it should, write to the Secretariat.")),
        404: (_("We did not find this page"), _("The address has changed or has a letter too many. What you saved on the platform is not lost.")),
        405: (_("This address does not work that way"), _("It takes another kind of request. Go back to the page you came from and use its buttons.")),
        413: (_("What you sent is too large"), _("Nothing was saved. Shorten the text or send a smaller file.")),
        429: (_("Too many attempts from this connection"), _("Wait a few minutes and try again. Others in your office may be using the same connection.")),
        500: (_("Something went wrong on our side"), _("The error has been recorded. What you had saved before is not lost. Try again in a few minutes.")),
        503: (_("The platform is not available at the moment"), _("Try again in a few minutes. What you had saved before is not lost.")),
    }.get(code) or (_("This did not work"), _("Go back to the page you came from and try again."))


def init_app(app: Flask, settings: Settings) -> None:
    @app.errorhandler(Refused)
    def show_reason(refused: Refused) -> ResponseReturnValue:
        back = request.referrer if _is_ours(request.referrer) else "/"
        return render_template("layout/refused.html", reason=refused.reason, back=back), 409

    @app.errorhandler(CSRFError)
    def show_expired(error: CSRFError) -> ResponseReturnValue:
        title = _("This page had been open for too long")
        text = _("Nothing was changed. Go back, reload the page and send the form again; what you typed is still there.")
        return page(400, title, text), 400

    @app.errorhandler(HTTPException)
    def show_error(error: HTTPException) -> ResponseReturnValue:
        code = error.code or 500
        if code < 400:
            return error.get_response()
        answer = app.make_response((page(code, *words_for(code)), code))
        if code == 405:
            answer.headers.extend(error.get_headers())
            answer.headers["Content-Type"] = "text/html; charset=utf-8"
        return answer

    @app.errorhandler(Exception)
    def show_fault(error: Exception) -> ResponseReturnValue:
        log.exception("unexpected")
        _let_go(error)
        return page(500, *words_for(500)), 500

    def page(code: int, title: str, text: str) -> str:
        elsewhere = []
        for other in LANGUAGES:
            if other != language():
                with speaking(other):
                    elsewhere.append((other, words_for(code)[0], address_in(settings, other)))
        return render_template("layout/error.html", code=code, title=title, text=text, elsewhere=elsewhere)

    def _is_ours(address: str | None) -> bool:
        return bool(address) and str(address).startswith(request.host_url)


def _let_go(error: Exception) -> None:
    # The page must be drawn even when the database is away: nobody is asked for again.
    if isinstance(error, SQLAlchemyError) or not hasattr(g, "_login_user"):
        g._login_user = AnonymousUserMixin()
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
