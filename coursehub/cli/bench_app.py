"""The application with two more addresses to measure it against, and its statements counted."""

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_login import current_user
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from coursehub.app import create_app
from coursehub.foundation.access import public
from coursehub.foundation.database import db

# With the one that loads the session's person they are five.
QUERIES = (
    "SELECT id, slug FROM courses LIMIT 20",
    "SELECT id, slug, starts_on, ends_on, seats, seats_taken FROM editions LIMIT 20",
    "SELECT person_id, item_id, happened_at FROM facts WHERE person_id = :person LIMIT 50",
    "SELECT person_id, name, email FROM accounts LIMIT 120",
)


def make_app() -> Flask:
    app = create_app()
    app.add_url_rule("/bench/bare", view_func=show_bare)
    app.add_url_rule("/bench/baseline", view_func=show_baseline)
    event.listen(Engine, "before_cursor_execute", _count)
    app.after_request(_say)
    return app


@public
def show_bare() -> ResponseReturnValue:
    return "ok"


@public
def show_baseline() -> ResponseReturnValue:
    given = {"person": current_user.person_id}
    rows = [db.session.execute(text(query), given).all() for query in QUERIES]
    return render_template("cli/pages/baseline.html", people=rows[-1])


def _count(*_: object) -> None:
    g.statements = g.get("statements", 0) + 1


def _say(response: Response) -> Response:
    response.headers["X-Statements"] = str(g.get("statements", 0))
    return response


app = make_app()
