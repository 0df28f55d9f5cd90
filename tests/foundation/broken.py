"""An application with addresses at which things go wrong."""

from dataclasses import replace

from flask import Flask, abort, request
from sqlalchemy import text

from coursehub.app import create_app
from coursehub.foundation.access import public, require
from coursehub.foundation.database import db, writing
from coursehub.foundation.refusal import Refused
from coursehub.settings import Settings

SECRET = "what only the code knows"
AWAY = "postgresql://nobody@127.0.0.1:1/away"


@public
def fail(code: int):
    abort(code)


@public
def refuse():
    raise Refused("This edition is full.")


@public
def forbidden():
    require(False)


@public
def fault():
    raise ValueError(SECRET)


@public
def query():
    return str(db.session.execute(text("SELECT 1 FROM not_there")))


@public
def hurry():
    with writing(hurries=True):
        db.session.execute(text("UPDATE countries SET code = code"))
    return "written"


@public
def take():
    return str(len(request.get_data()))


def broken_app(settings: Settings) -> Flask:
    """The application with more addresses: /fail/<code>, /take, /refuse, /forbidden, /fault …"""
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule("/fail/<int:code>", view_func=fail)
    app.add_url_rule("/take", view_func=take, methods=["POST"])
    app.add_url_rule("/hurry", view_func=hurry, methods=["POST"])
    for view in (refuse, forbidden, fault, query):
        app.add_url_rule(f"/{view.__name__}", view_func=view)
    return app


def app_without_database(settings: Settings) -> Flask:
    """The application whose database cannot be reached."""
    return broken_app(replace(settings, database_url=AWAY))
