"""The front page, the reader's preferences, and whether the site is well."""

from flask import (
    Blueprint,
    Flask,
    current_app,
    has_request_context,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from coursehub.accounts import actions as accounts
from coursehub.catalogue.queries import offered_courses
from coursehub.foundation import language
from coursehub.foundation.access import public
from coursehub.foundation.addresses import path_on_this_site
from coursehub.foundation.database import db, writing
from coursehub.home.formats import CHOICES, Reading
from coursehub.settings import LANGUAGES

bp = Blueprint("home", __name__)

YEAR_SECONDS = 60 * 60 * 24 * 365


@bp.get("/")
@public
def show_home() -> ResponseReturnValue:
    return render_template(
        "home/pages/front.html", courses=offered_courses(language.language(), {})
    )


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    answer = redirect(path_on_this_site(request.form.get("next", "")), 303)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        _keep(answer, language.COOKIE, chosen)
        if current_user.is_signed_in and current_user.language != chosen:
            with writing():
                accounts.choose_language(current_user.person_id, chosen)
    return answer


@bp.post("/preferences")
@public
def save_preferences() -> ResponseReturnValue:
    answer = redirect(path_on_this_site(request.form.get("next", "")), 303)
    for name, choices in CHOICES.items():
        chosen = request.form.get(name, "")
        if chosen in choices:
            _keep(answer, name, chosen)
    return answer


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return {"status": "ok"}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    try:
        known = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        known = None
    if known != current_app.config["NEWEST_REVISION"]:
        return {"status": "the database is not reachable or not migrated"}, 503
    return {"status": "ok"}


def _keep(answer: Response, name: str, value: str) -> None:
    secure = current_app.extensions["coursehub"].is_secure
    answer.set_cookie(
        name, value, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax"
    )


@bp.record_once
def know_the_reader(setup: object) -> None:
    app: Flask = setup.app  # type: ignore[attr-defined]

    @app.context_processor
    def reader() -> dict[str, object]:
        if not has_request_context():  # a letter has no browser
            return {}
        return {
            "viewer": current_user,
            "preferences": Reading.of(
                request.cookies, saves_data=request.headers.get("Save-Data") == "on"
            ),
        }
