"""Assembles the application. The one module that may import every feature."""

import os
import re

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy import create_engine, inspect, text
from werkzeug.middleware.proxy_fix import ProxyFix

from coursehub.accounts import views as accounts
from coursehub.accounts.actions.sessions import SESSION_LASTS
from coursehub.accounts.queries import has_demo_accounts
from coursehub.assignments import views as assignments
from coursehub.catalogue import views as catalogue
from coursehub.certificates import views as certificates
from coursehub.documents import views as documents
from coursehub.enrolment import views as enrolment
from coursehub.foundation import (
    access,
    addresses,
    assets,
    database,
    errors,
    jobs,
    language,
    limits,
    logs,
    pages,
)
from coursehub.gradebook import views as gradebook
from coursehub.home import views as home
from coursehub.layout import drawing
from coursehub.learning import views as learning
from coursehub.questions import views as questions
from coursehub.questions.rules import keeping, telling
from coursehub.quizzes import views as quizzes
from coursehub.settings import PROJECT, THREADS, BadSetting, Settings
from coursehub.studio import views as studio
from coursehub.surveys import views as surveys
from coursehub.verification import views as verification

FEATURES = [
    *(home, gradebook, studio, verification, certificates, assignments, quizzes, surveys, learning),
    *(enrolment, questions, catalogue, accounts, documents),
]
REVISION = re.compile(r'^(down_)?revision = "(\w+)"', re.MULTILINE)


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings, or for the environment's."""
    settings = settings or Settings.from_environment(os.environ)
    logs.configure(settings.log_level)
    # The template root is the package itself, so a template's name is its path.
    app = Flask("coursehub", template_folder=".", static_folder=None)
    app.extensions["coursehub"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key or os.urandom(32),
        SQLALCHEMY_DATABASE_URI=settings.database,
        # Errors that are logged tell the statement, not whom it was about.
        # No thread waits for another's connection; one more is for the thread of the jobs.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, "pool_size": THREADS + 1},
        MAX_CONTENT_LENGTH=settings.most_upload_bytes,
        MAX_FORM_MEMORY_SIZE=settings.most_upload_bytes,
        # With this prefix a browser takes the cookie from this very host only.
        SESSION_COOKIE_NAME="__Host-coursehub" if settings.is_secure else "coursehub",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LASTS,
        # Sent at sign-in, the cookie lasts as long as the session's row: no answer renews it.
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        # Browsers and proxies of offices leave the Referer out; the token and the cookie suffice.
        WTF_CSRF_SSL_STRICT=False,
        NEWEST_REVISION=newest_revision(),
        TESTING=settings.testing,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(drawing.GLOBALS)
    app.jinja_env.globals.update(telling.GLOBALS)
    app.jinja_env.globals.update(keeping.GLOBALS)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    logs.init_app(app)
    database.init_app(app)
    pages.init_app(app, settings)
    language.init_app(app, settings)
    limits.init_app(app)
    accounts.login_manager.init_app(app)
    CSRFProtect(app)
    access.init_app(app)
    addresses.init_app(app)
    errors.init_app(app)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    access.check_routes(app)
    assets.init_app(app, settings)
    return app


def create_served_app(settings: Settings) -> Flask:
    """The application for production; BadSetting says why it must not be served.

    `coursehub serve` asks before it becomes the web server, and wsgi.py asks for web servers that
    are started by themselves.
    """
    if reason := settings.why_not_serve():
        raise BadSetting(reason)
    if not is_migrated(settings):
        raise BadSetting("the database is not up to date. Run: coursehub migrate")
    app = create_app(settings)
    with app.app_context():
        if has_demo_accounts():
            raise BadSetting(
                "demo accounts with known passwords exist in this database. "
                "Production needs one of its own."
            )
    return app


def is_migrated(settings: Settings) -> bool:
    """Whether the database is of this version of the program."""
    engine = create_engine(settings.database)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            known = connection.scalar(text("SELECT version_num FROM alembic_version"))
    finally:
        engine.dispose()
    return bool(known == newest_revision())


def newest_revision() -> str:
    """The migration that no other one follows; read without Alembic, whose 8 MB would stay."""
    files = (PROJECT / "migrations" / "versions").glob("*.py")
    named = [found for file in files for found in REVISION.findall(file.read_text("utf-8"))]
    followed = {name for is_down, name in named if is_down}
    (newest,) = {name for is_down, name in named if not is_down} - followed
    return str(newest)


def start_work(app: Flask) -> None:
    """Run background jobs beside the server, unless a worker elsewhere does."""
    if app.extensions["coursehub"].work_in_server:
        jobs.start_thread(app)
