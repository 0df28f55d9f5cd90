"""One JSON line per request and per event on standard error, tied together by a request id."""

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

import structlog
from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from structlog.typing import EventDict, Processor

log = structlog.get_logger("coursehub.request")
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
ADDRESS = re.compile(r"[^\s'\"<>(){}\[\],;:=]+@[^\s'\"<>(){}\[\],;:=]+")
# PostgreSQL tells the values of the row it refused.
VALUES = re.compile(r"DETAIL:.*?(?=\n\[SQL|\n\n|\Z)", re.DOTALL)
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def configure(level: str) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _name_nobody,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger("coursehub")
    root.handlers = [handler]
    root.setLevel(level)
    root.propagate = False


def without_people(text: str) -> str:
    """What went wrong, without the addresses and values that databases and posts put into it."""
    return ADDRESS.sub("…@…", VALUES.sub("DETAIL: …", text))


def _name_nobody(_: object, __: str, event: EventDict) -> EventDict:
    if "exception" in event:
        event["exception"] = without_people(event["exception"])
    return event


def unlogged_identity(view: View) -> View:
    """Nothing in the log of this view can be joined to another log, such as a proxy's.

    Its lines never name anybody; these share no id with what is outside either, and say nothing of
    how long it took.
    """
    view.names_nobody = True  # type: ignore[attr-defined]
    return view


def _names_nobody() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "names_nobody", False)


def init_app(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        given = "" if _names_nobody() else request.headers.get("X-Request-ID", "")
        g.request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        g.began = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if not _names_nobody():
            response.headers["X-Request-ID"] = g.get("request_id", "")
        # The path without its query, no address, no name: what a person reads is not written down
        # beside who they are.
        took = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
        log.info(
            "answered",
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            **({} if _names_nobody() else {"ms": round(took, 1)}),
        )
        return response

    @app.teardown_request
    def forget(_: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()
