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
WEIGHT = b"@@KB@@"
SMALL = 500


def init_app(app: Flask, settings: Settings) -> None:
    known: dict[str | None, int] = {}  # bytes of the last answer per endpoint: a copy, never truth

    @app.after_request
    def finish(response: Response) -> Response:
        _secure(response, settings)
        if response.mimetype in ("text/html", "application/atom+xml", "text/plain"):
            response.vary.update(["Cookie", "Accept-Language", "Accept-Encoding"])
            response.headers.setdefault("Cache-Control", "private, no-cache")
            _shrink(response, known, app.extensions["asset_bytes"])
        return response

    def page_alternates() -> list[tuple[str, str]]:
        return [(code, address_in(settings, code)) for code in LANGUAGES]

    app.jinja_env.globals.update(page_alternates=page_alternates, public_url=settings.public_url.rstrip("/"))


def address_in(settings: Settings, code: str) -> str:
    """This page's address on the site's own name, in a language."""
    query = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return f"{settings.public_url.rstrip('/')}{request.path}?{urlencode([*query, ('lang', code)])}"


def _secure(response: Response, settings: Settings) -> None:
    put = response.headers.setdefault
    put("Content-Security-Policy", POLICY)
    put("X-Content-Type-Options", "nosniff")
    put("Referrer-Policy", "same-origin")
    put("Cross-Origin-Opener-Policy", "same-origin")
    put("Cross-Origin-Resource-Policy", "same-origin")
    put("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
    if settings.is_secure:
        put("Strict-Transport-Security", "max-age=31536000")


def _shrink(response: Response, known: dict[str | None, int], asset_bytes: int) -> None:
    if response.is_streamed or response.direct_passthrough or request.method == "HEAD":
        return
    body = response.get_data()
    weight = known.get(request.endpoint, len(body) // 4)
    body = body.replace(WEIGHT, str(round((weight + asset_bytes) / 1000)).encode())
    if len(body) >= SMALL and response.status_code not in (204, 304):
        if "br" in request.accept_encodings:
            body, response.content_encoding = brotli.compress(body, quality=1), "br"
        elif "gzip" in request.accept_encodings:
            body, response.content_encoding = gzip.compress(body, compresslevel=1, mtime=0), "gzip"
        if response.content_encoding and response.status_code == 200:
            known[request.endpoint] = len(body)
    response.set_data(body)
