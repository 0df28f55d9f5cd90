"""What every answer carries: security headers, compression, the page's own weight."""

import gzip
from urllib.parse import urlencode

import brotli
from flask import Flask, request
from flask.wrappers import Response

from coursehub.settings import LANGUAGES, Settings

POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
)
# For a page that keeps itself on the device: a script of ours may name its worker, nothing else.
POLICY_WITH_WORKER = POLICY.replace("trusted-types 'none'", "trusted-types quiz-worker")
# Files that people uploaded are looked at by browsers that must not run anything in them.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
WEIGHT = b"@@KB@@"
SMALL = 500
YEAR = "max-age=31536000"
LONGEST_REPEATED = 500


def init_app(app: Flask, settings: Settings) -> None:
    guards = guards_for(settings)
    known: dict[str | None, int] = {}  # bytes of the last answer per endpoint: a copy, never truth

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in guards.items():
            response.headers.setdefault(name, value)
        if response.mimetype in ("text/html", "application/atom+xml", "text/plain"):
            response.vary.update(["Cookie", "Accept-Language", "Accept-Encoding"])
            response.headers.setdefault("Cache-Control", "private, no-cache")
            _shrink(response, known, app.extensions["asset_bytes"])
        return response

    def page_alternates() -> list[tuple[str, str]]:
        return [(code, address_in(settings, code)) for code in LANGUAGES]

    app.jinja_env.globals.update(
        page_alternates=page_alternates,
        repeated_query=repeated_query,
        public_url=settings.public_url.rstrip("/"),
    )


def guards_for(settings: Settings) -> dict[str, str]:
    """The headers that tell a browser what no answer of ours may do."""
    guards = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    }
    return guards | ({"Strict-Transport-Security": YEAR} if settings.is_secure else {})


def address_in(settings: Settings, code: str) -> str:
    """This page's address on the site's own name, in a language."""
    query = urlencode([*repeated_query(), ("lang", code)])
    return f"{settings.public_url.rstrip('/')}{request.path}?{query}"


def repeated_query() -> list[tuple[str, str]]:
    """What this page was asked, without the language, for its links; nothing if it is long."""
    # Each page repeats it a dozen times: whoever sends us much would be sent far more.
    if len(request.query_string) > LONGEST_REPEATED:
        return []
    return [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]


def _shrink(response: Response, known: dict[str | None, int], asset_bytes: int) -> None:
    if response.is_streamed or response.direct_passthrough or request.method == "HEAD":
        return
    body = response.get_data()
    weight = known.get(request.endpoint, len(body) // 4)
    before, mark, after = body.rpartition(WEIGHT)  # the last: people may write the same
    if mark:
        body = before + str(round((weight + asset_bytes) / 1000)).encode() + after
    if len(body) >= SMALL and response.status_code not in (204, 304):
        if request.accept_encodings.quality("br"):
            body, response.content_encoding = brotli.compress(body, quality=1), "br"
        elif request.accept_encodings.quality("gzip"):
            body, response.content_encoding = gzip.compress(body, compresslevel=1, mtime=0), "gzip"
        if response.content_encoding and response.status_code == 200:
            known[request.endpoint] = len(body)
    response.set_data(body)
