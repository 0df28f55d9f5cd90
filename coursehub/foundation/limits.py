"""Limits: requests per address, coarse because a ministry shares one, and the size of a body."""

from flask import Flask, abort, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=False)


# Telling fields apart takes a second for each million bytes of them: nobody fills in this many.
MOST_FIELDS = 1000


def init_app(app: Flask) -> None:
    app.before_request(_refuse_too_much)
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)


def _refuse_too_much() -> None:
    # Read as far as the limit and no further: a body sent in pieces would be cut off there and
    # taken for the whole one.
    if request.content_length is None and request.environ.get("wsgi.input_terminated"):
        request.get_data()
        request.stream.read(1)
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    if is_form and request.get_data().count(b"&") >= MOST_FIELDS:
        abort(413)
