"""No view without a word about who may use it; nothing is said about what is hidden."""

import pytest
from flask import Flask
from werkzeug.exceptions import Forbidden, NotFound

from coursehub.foundation import access
from tests import make


def may_look(viewer: object) -> bool:
    return True


def app_with(view) -> Flask:
    app = Flask("silent", static_folder=None)
    app.add_url_rule("/x", "x", view)
    return app


def test_the_program_does_not_start_with_a_view_that_says_nothing():
    with pytest.raises(RuntimeError, match="x"):
        access.check_routes(app_with(lambda: "hello"))


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (access.public, "public"),
        (access.signed_in, "signed-in"),
        (access.guarded(may_look), "may_look"),
    ],
)
def test_what_a_view_says_stands_in_the_list_of_routes(declare, said):
    app = app_with(declare(lambda: "hello"))

    access.check_routes(app)
    assert access.routes_of(app) == [
        {"endpoint": "x", "rule": "/x", "methods": ["GET"], "access": said}
    ]


def test_what_is_missing_or_hidden_is_not_found_and_what_is_not_permitted_is_forbidden():
    assert access.found("thing") == "thing"
    with pytest.raises(NotFound):
        access.found(None)
    with pytest.raises(Forbidden):
        access.require(False)


def test_someone_signed_out_elsewhere_is_sent_to_sign_in(sign_in, app):
    person_id = make.person()
    here, there = sign_in(person_id), sign_in(person_id)

    there.post("/me/sessions/end")

    assert here.get("/me").status_code == 303


@pytest.mark.parametrize("cookie", ["", "nonsense", "eyJfdXNlcl9pZCI6IjEifQ.x.y", "\x7f"])
def test_a_forged_cookie_signs_nobody_in(visitor, cookie):
    visitor.set_cookie("coursehub", cookie)

    assert visitor.get("/me").status_code == 303
    assert visitor.get("/courses").status_code == 200
