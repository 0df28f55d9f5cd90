"""Coarse limits per address, generous because a ministry or a training room shares one address."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=False)


def init_app(app: Flask) -> None:
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)
