"""Signing in and out, creating an account, and what people change about themselves."""

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_login import LoginManager, current_user, login_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field

from coursehub.accounts import actions
from coursehub.accounts.formats import device, is_latin
from coursehub.accounts.forms import (
    ANOTHER_COUNTRY,
    AddressForm,
    ButtonForm,
    ChangeEmailForm,
    ChangePasswordForm,
    ConfirmForm,
    NewEmailForm,
    NewPasswordForm,
    ProfileForm,
    SignInForm,
    SignUpForm,
)
from coursehub.accounts.models import Account, Purpose, Viewer
from coursehub.accounts.queries import (
    account_of,
    documents_to_accept,
    failures_lately,
    find_account,
    find_session,
    find_ticket,
    load_viewer,
    sessions_of,
)
from coursehub.accounts.rules import why_not_sign_in, why_not_sign_up
from coursehub.foundation.access import found, public, signed_in
from coursehub.foundation.addresses import path_on_this_site
from coursehub.foundation.database import writing
from coursehub.foundation.forms import Form
from coursehub.foundation.language import _, language, zone_label
from coursehub.foundation.limits import limiter
from coursehub.foundation.refusal import Refused
from coursehub.network.queries import countries
from coursehub.settings import Settings

bp = Blueprint("accounts", __name__)

login_manager = LoginManager()
login_manager.anonymous_user = Viewer
login_manager.session_protection = None  # phones change their address while someone reads
login_manager.user_loader(load_viewer)


def _settings() -> Settings:
    return current_app.extensions["coursehub"]  # type: ignore[no-any-return]


def _let_nobody_in(answer: Response) -> bool:
    # Sign-ins that succeed do not count against the others at that address.
    return answer.status_code != 303 or answer.location == url_for("accounts.show_sent")


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(lambda: _settings().sign_in_limit, methods=["POST"], deduct_when=_let_nobody_in)
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _show("accounts/pages/sign_in.html", form)
    if form.asks_for_link:
        with writing():
            actions.ask_for_link(form.email.data, _after())
        return redirect(url_for("accounts.show_sent"), 303)
    account = find_account(form.email.data)
    if not _try_password(account, form.email.data, form.password) or account is None:
        return _show("accounts/pages/sign_in.html", form)
    with writing():
        session_token = _begin(account.person_id)
    return _let_in(session_token, _after())


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    with writing():
        actions.sign_out(current_user.session_id)
        actions.void_used(current_user.person_id)
    session.clear()
    flash(_("You have signed out."))
    return _leave_nothing(redirect("/", 303))


@bp.get("/letter-sent")
@public
def show_sent() -> ResponseReturnValue:
    return render_template("accounts/pages/sent.html")


@bp.route("/sign-in/<token>", methods=["GET", "POST"])
@public
def use_link(token: str) -> ResponseReturnValue:
    ticket = find_ticket(token, Purpose.SIGN_IN)
    if ticket is None:
        return _go_on_or_show_dead_link(url_for("accounts.sign_in"))
    form = ButtonForm()
    if not form.validate_on_submit():  # whoever scans mail opens links, but presses no buttons
        return _show("accounts/pages/use_link.html", form)
    to = _after(ticket.details.get("after", ""))
    with writing():
        session_token = _begin(actions.sign_in_by_link(token))
    return _let_in(session_token, to)


@bp.route("/sign-up", methods=["GET", "POST"])
@limiter.limit(lambda: _settings().sign_up_limit, methods=["POST"])
@public
def sign_up() -> ResponseReturnValue:
    reason = why_not_sign_up(_settings().sign_up)
    if reason:
        status = 409 if request.method == "POST" else 200
        return render_template("accounts/pages/closed.html", reason=reason), status
    form = SignUpForm(language=language())
    form.offer_countries(countries(language()))
    if not form.validate_on_submit():
        return _show("accounts/pages/sign_up.html", form)
    with writing():
        actions.ask_to_sign_up(form.email.data, form.details(documents_to_accept(), _after()))
    return redirect(url_for("accounts.show_sent"), 303)


@bp.route("/sign-up/<token>", methods=["GET", "POST"])
@public
def confirm_sign_up(token: str) -> ResponseReturnValue:
    ticket = find_ticket(token, Purpose.SIGN_UP)
    if ticket is None:
        return _go_on_or_show_dead_link(url_for("accounts.sign_up"))
    form = ConfirmForm()
    if not form.validate_on_submit():
        name = ticket.details["name"]
        return _show("accounts/pages/confirm.html", form, name=name, is_latin=is_latin(name))
    to = _after(ticket.details["after"])
    password = form.password.data
    password_hash = actions.hash_password(password) if password else None
    with writing():
        session_token = _begin(actions.confirm_sign_up(token, password_hash))
    flash(_("Your account is ready."))
    return _let_in(session_token, to)


@bp.route("/password", methods=["GET", "POST"])
@limiter.limit(lambda: _settings().sign_in_limit, methods=["POST"])
@public
def ask_reset() -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate_on_submit():
        return _show("accounts/pages/ask_reset.html", form)
    with writing():
        actions.ask_to_reset(form.email.data)
    return redirect(url_for("accounts.show_sent"), 303)


@bp.route("/password/<token>", methods=["GET", "POST"])
@public
def reset_password(token: str) -> ResponseReturnValue:
    if find_ticket(token, Purpose.RESET_PASSWORD) is None:
        return _show_dead_link(url_for("accounts.ask_reset"))
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return _show("accounts/pages/reset.html", form)
    password_hash = actions.hash_password(form.password.data)
    with writing():
        session_token = _begin(actions.reset_password(token, password_hash))
    flash(_("Your password has been changed. Other browsers have been signed out."))
    return _let_in(session_token, _after(""))


@bp.route("/me", methods=["GET", "POST"])
@signed_in
def show_profile() -> ResponseReturnValue:
    account = _own_account()
    form = ProfileForm(obj=account, country=account.country_code or ANOTHER_COUNTRY)
    form.offer_countries(countries(language()))
    form.offer_time_zones(account.time_zone, zone_label)
    if not form.validate_on_submit():
        return _show("accounts/pages/profile.html", form, account=account, is_latin=is_latin)
    with writing():
        actions.save_profile(current_user.person_id, form.profile())
    flash(_("Your profile has been saved."))
    return redirect(url_for("accounts.show_profile"), 303)


@bp.route("/me/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    account = _own_account()
    email, person_id = account.email, account.person_id
    form = ChangePasswordForm() if account.password_hash else NewPasswordForm()
    if not form.validate_on_submit() or not _confirm_password(account, form):
        return _show("accounts/pages/password.html", form, email=email)
    password_hash = actions.hash_password(form.password.data)
    with writing():
        actions.change_password(person_id, password_hash, but=current_user.session_id)
    flash(_("Your password has been changed. Other browsers have been signed out."))
    return redirect(url_for("accounts.show_profile"), 303)


@bp.route("/me/email", methods=["GET", "POST"])
@limiter.limit(lambda: _settings().sign_up_limit, methods=["POST"])
@signed_in
def change_email() -> ResponseReturnValue:
    account = _own_account()
    email, person_id = account.email, account.person_id
    form = ChangeEmailForm() if account.password_hash else NewEmailForm()
    if not form.validate_on_submit() or not _confirm_password(account, form):
        return _show("accounts/pages/email.html", form, email=email)
    with writing():
        actions.ask_to_change_email(person_id, form.email.data)
    return redirect(url_for("accounts.show_sent"), 303)


@bp.route("/me/email/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> ResponseReturnValue:
    ticket = find_ticket(token, Purpose.CHANGE_EMAIL)
    if ticket is None:
        return _show_dead_link(url_for("accounts.change_email"))
    form = ButtonForm()
    if not form.validate_on_submit():
        return _show("accounts/pages/confirm_email.html", form, email=ticket.email)
    with writing():
        actions.confirm_email(token)
    flash(_("Your email address has been changed."))
    return redirect(url_for("accounts.show_profile"), 303)


@bp.get("/me/sessions")
@signed_in
def show_sessions() -> ResponseReturnValue:
    sessions = sessions_of(current_user.person_id)
    return render_template("accounts/pages/sessions.html", sessions=sessions)


@bp.post("/me/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    found(find_session(session_id, current_user))
    with writing():
        actions.sign_out(session_id)
    flash(_("That browser has been signed out."))
    return redirect(url_for("accounts.show_sessions"), 303)


@bp.post("/me/sessions/end")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    with writing():
        actions.sign_out_everywhere(current_user.person_id)
    session.clear()
    flash(_("You have signed out everywhere."))
    return _leave_nothing(redirect(url_for("accounts.sign_in"), 303))


def _leave_nothing(answer: BaseResponse) -> BaseResponse:
    # On a machine that others use, Back would show the pages of whoever was there before.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _show(template: str, form: Form, **more: object) -> ResponseReturnValue:
    """A form's page; with the status that says so if there are mistakes in it."""
    return render_template(template, form=form, **more), 422 if form.is_submitted() else 200


def _go_on_or_show_dead_link(again: str) -> ResponseReturnValue:
    """Whoever is in already needs no link to get in."""
    return redirect(_after(), 303) if current_user.is_signed_in else _show_dead_link(again)


def _show_dead_link(again: str) -> ResponseReturnValue:
    """One page for a link that was used, has expired or never was."""
    return render_template("accounts/pages/dead_link.html", again=again), 410


def _after(wish: str | None = None) -> str:
    """Where to go once signed in: what was asked for, if it is on this site, else to learn."""
    wish = request.values.get("next", "") if wish is None else wish
    return path_on_this_site(wish) if wish else url_for("learning.show_desk")


def _begin(person_id: int) -> str:
    """Begin someone's session in this browser, in the unit of work that let them in."""
    name = device(request.user_agent.string)
    return actions.sign_in(person_id, name, instead_of=current_user.session_id)


def _let_in(session_token: str, to: str) -> ResponseReturnValue:
    """Hand this browser the session that was begun for it, and go on."""
    # Nothing that was planted in a visitor's session goes on into the person's. The key of the
    # forms does, or those open in other tabs would be dead; the cookie's __Host- guards it.
    kept = {name: session[name] for name in ("_flashes", "csrf_token") if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    login_user(Viewer(token=session_token))
    return redirect(to, 303)


def _own_account() -> Account:
    return found(account_of(current_user.person_id))


def _confirm_password(account: Account, form: Form) -> bool:
    """Try the current password, where there is one: an open browser is not enough."""
    return "current" not in form or _try_password(account, account.email, form.current)


def _try_password(account: Account | None, email: str, field: Field) -> bool:
    """Try the password in a field; what is wrong with it then stands beside the field."""
    password_hash = account.password_hash if account else None
    is_tried = why_not_sign_in(failures_lately(email)) is None
    matches = is_tried and actions.password_matches(password_hash, field.data)
    try:
        with writing():
            actions.try_password(email, matches=matches)
    except Refused as refused:
        field.errors = [refused.reason]
        return False
    if not matches:
        field.errors = [_("The email address and the password do not match.")]
    return matches
