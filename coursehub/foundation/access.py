"""Who gets through the door: every view says so, or the application does not start.

`@public` lets anyone in, `@signed_in` people with an account, `@guarded(may_…)` those whom that
rule lets in: the view fetches through the permission and names its rule here, for the list of
routes and the tests that walk it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.foundation.language import _

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Thing = TypeVar("Thing")


def public(view: View) -> View:
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    view.access = "signed-in"  # type: ignore[attr-defined]
    return view


def guarded(rule: Callable[..., bool], *, visitors: bool = False) -> Callable[[View], View]:
    """The view asks `rule`. With `visitors`, it asks it about people who are not signed in too."""

    def declare(view: View) -> View:
        view.access = rule.__name__  # type: ignore[attr-defined]
        view.lets_visitors_ask = visitors  # type: ignore[attr-defined]
        return view

    return declare


def found(thing: Thing | None) -> Thing:
    """The thing, or a 404 that looks the same whether it is missing or merely hidden."""
    return thing if thing is not None else abort(404)


def require(permitted: bool) -> None:
    if not permitted:
        abort(403)


def access_of(app: Flask, endpoint: str) -> str:
    return getattr(app.view_functions[endpoint], "access", "")


def routes_of(app: Flask) -> list[dict[str, Any]]:
    """Every address: endpoint, rule, methods, and who may use it."""
    return [
        {
            "endpoint": rule.endpoint,
            "rule": rule.rule,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "access": access_of(app, rule.endpoint),
        }
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    ]


def check_routes(app: Flask) -> None:
    """Stop the start if a view forgot to say who may use it."""
    silent = [route["endpoint"] for route in routes_of(app) if not route["access"]]
    if silent:
        raise RuntimeError(f"these views do not say who may use them: {', '.join(silent)}")


def init_app(app: Flask) -> None:
    @app.before_request
    def refuse_nul() -> None:
        # No address of ours has one, and PostgreSQL fails on a text that does.
        if "\0" in request.path:
            abort(404)

    @app.before_request
    def sign_in_first() -> ResponseReturnValue | None:
        view = app.view_functions.get(request.endpoint or "")
        if view is None or getattr(view, "access", "") == "public":
            return None
        if getattr(view, "lets_visitors_ask", False) or current_user.is_authenticated:
            return None
        if request.accept_mimetypes.best == "application/json":
            abort(401)  # a script asks, which keeps what it has; there is nobody to send anywhere
        if request.method == "POST":
            flash(
                _(
                    "Nothing was saved: you are not signed in here any more. Sign in, then use "
                    "your browser’s Back button: what you typed is still on the page."
                )
            )
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=here), 303)
