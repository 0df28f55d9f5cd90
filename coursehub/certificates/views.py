"""Certificates: what is asked for, one's own, and the list of those who issue them."""

from urllib.parse import urlencode

from flask import (
    Blueprint,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_login import current_user

from coursehub.certificates import actions, queries
from coursehub.certificates.actions.wording import heading, told
from coursehub.certificates.formats.codes import read_code, shown_code
from coursehub.certificates.formats.lettering import cannot_print
from coursehub.certificates.formats.paper import qr_picture
from coursehub.certificates.forms import CorrectionForm, NameForm, RevocationForm
from coursehub.certificates.models import Certificate, CertificateRule, Holder
from coursehub.certificates.queries import Candidate
from coursehub.certificates.rules import (
    Requirement,
    has_everything,
    hours_of,
    kind_of,
    may_certify,
    may_take_certificate,
    requirements,
    state_of,
    why_not_again,
    why_not_certify,
    why_not_change,
)
from coursehub.foundation import storage
from coursehub.foundation.access import found, guarded, require, signed_in
from coursehub.foundation.addresses import whole_address
from coursehub.foundation.database import db, writing
from coursehub.foundation.language import _, _n, language
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.queries import Reading, find_reading, find_taught, said_by
from coursehub.learning.rules import may_read_course, may_teach, why_not_record

bp = Blueprint("certificates", __name__)

PER_PAGE = 100
LINKEDIN = "https://www.linkedin.com/profile/add"
FILE_POLICY = "default-src 'none'; sandbox"
Shown = tuple[Certificate, Holder]


@bp.get("/learn/<edition>/certificate")
@guarded(may_read_course)
def show_certificate(edition: str) -> ResponseReturnValue:
    reading = found(find_reading(current_user, edition, language()))
    return _certificate_page(reading, NameForm())


@bp.post("/learn/<edition>/certificate")
@guarded(may_read_course)
def confirm_name(edition: str) -> ResponseReturnValue:
    form, reading = NameForm(), found(find_reading(current_user, edition, language()))
    refuse_if(why_not_record(is_enrolled=reading.is_enrolled))
    if not form.validate():
        return _certificate_page(reading, form), 422
    with writing():
        is_issued = actions.confirm_name(current_user.person_id, reading.edition_id, form.name.data)
    if is_issued:
        flash(_("Your certificate has been issued. A letter follows when its PDF is made."))
    else:
        flash(_("Your name is kept as you confirmed it."))
    return redirect(url_for(".show_certificate", edition=edition), 303)


@bp.get("/me/certificates")
@signed_in
def list_own() -> ResponseReturnValue:
    shown = queries.certificates_of(current_user.person_id)
    return render_template("certificates/pages/own.html", shown=shown, state_of=state_of)


@bp.get("/certificates/<code>")
@guarded(may_take_certificate)
def show_own(code: str) -> ResponseReturnValue:
    certificate, holder = _own(code)
    link = whole_address("verification.show_verified", code=certificate.code)
    return render_template(
        "certificates/pages/certificate.html",
        link=link,
        qr=qr_picture(link),
        linkedin=_linkedin(certificate, link),
        **told(certificate, holder),
    )


@bp.get("/certificates/<code>/certificate.pdf")
@guarded(may_take_certificate)
def show_pdf(code: str) -> ResponseReturnValue:
    certificate, _holder = _own(code)
    key = found(certificate.pdf_sha256)
    return _attached(storage.send(key, "application/pdf"), f"{_file_name(certificate)}.pdf")


@bp.get("/certificates/<code>/credential.json")
@guarded(may_take_certificate)
def show_credential(code: str) -> ResponseReturnValue:
    certificate, holder = _own(code)
    return _attached(jsonify(found(holder.credential)), f"{_file_name(certificate)}.json")


@bp.get("/studio/editions/<edition>/certificates")
@guarded(may_teach)
def show_roll(edition: str) -> ResponseReturnValue:
    reading = found(find_taught(current_user, edition, language()))
    given, rule = queries.given_in(reading.edition_id), queries.find_rule(reading.edition_id)
    run, page = queries.last_run(edition), max(request.args.get("page", 1, type=int), 1)
    everyone = queries.standings_in(given, rule)
    standings = everyone[(page - 1) * PER_PAGE : page * PER_PAGE]
    shown = render_template(
        "certificates/pages/roll.html",
        reading=reading,
        rule=rule,
        hours=hours_of(rule, reading.outline) if rule else 0,
        wanted=requirements(rule, reading.outline, reading.progress({})) if rule else [],
        standings=standings,
        page=page,
        pages=-(-len(everyone) // PER_PAGE),
        run=run,
        may_issue=_may_issue(reading),
    )
    answer = make_response(shown)
    if run and not run.is_over:
        answer.headers["Refresh"] = "3"
    return answer


@bp.post("/studio/editions/<edition>/certificates")
@guarded(may_certify)
def change_roll(edition: str) -> ResponseReturnValue:
    """Issue, approve, or ask for names: for the people ticked, or for everyone."""
    reading = _certified(edition)
    chosen = [int(one) for one in request.form.getlist("person") if one.isdecimal()]
    with writing():
        said = _do(request.form.get("do", ""), reading.edition_id, chosen)
    flash(said)
    return redirect(url_for(".show_roll", edition=edition), 303)


@bp.get("/studio/editions/<edition>/certificates/<code>")
@guarded(may_certify)
def show_issued(edition: str, code: str) -> ResponseReturnValue:
    reading = _certified(edition)
    shown = found(queries.find_in_edition(edition, read_code(code) or ""))
    return _issued_page(reading, shown, CorrectionForm(), RevocationForm())


@bp.post("/studio/editions/<edition>/certificates/<code>/correction")
@guarded(may_certify)
def correct(edition: str, code: str) -> ResponseReturnValue:
    reading, form = _certified(edition), CorrectionForm()
    shown = found(queries.find_in_edition(edition, read_code(code) or ""))
    if not form.validate():
        return _issued_page(reading, shown, form, RevocationForm(None)), 422
    with writing():
        certificate = db.session.get_one(Certificate, shown[0].id, with_for_update=True)
        fresh = actions.reissue(certificate, form.name.data, current_user.person_id).code
    flash(_("The certificate was issued again; the old one is shown as replaced."))
    return redirect(url_for(".show_issued", edition=edition, code=fresh), 303)


@bp.post("/studio/editions/<edition>/certificates/<code>/revocation")
@guarded(may_certify)
def revoke(edition: str, code: str) -> ResponseReturnValue:
    reading, form = _certified(edition), RevocationForm()
    shown = found(queries.find_in_edition(edition, read_code(code) or ""))
    if not form.validate():
        return _issued_page(reading, shown, CorrectionForm(None), form), 422
    with writing():
        certificate = db.session.get_one(Certificate, shown[0].id, with_for_update=True)
        actions.revoke(certificate, form.reason.data)
    flash(_("The certificate is revoked. Whoever checks it sees that, and why."))
    return redirect(url_for(".show_issued", edition=edition, code=shown[0].code), 303)


def _certificate_page(reading: Reading, form: NameForm) -> str:
    rule = queries.find_rule(reading.edition_id)
    done = reading.progress(said_by(current_user.person_id, reading.edition_id).done)
    wanted = requirements(rule, reading.outline, done) if rule else []
    mine = next(iter(queries.candidates_in(reading.edition_id, reading.edition, [_me()])), None)
    if mine and not form.is_submitted():
        form.name.data = mine.suggested or mine.name
    return render_template(
        "certificates/pages/asked.html",
        reading=reading,
        rule=rule,
        wanted=wanted,
        hours=hours_of(rule, reading.outline) if rule else 0,
        kind=heading(kind_of(rule, reading.outline)) if rule else "",
        has_all=rule is not None and has_everything(rule, wanted),
        mine=mine,
        missing=cannot_print(mine.name) if mine else [],
        reason=_reason(rule, wanted, reading, mine),
        form=form,
        base=url_for("learning.show_course", edition=reading.edition),
    )


def _reason(
    rule: CertificateRule | None,
    wanted: list[Requirement],
    reading: Reading,
    mine: Candidate | None,
) -> str | None:
    """Why the one who looks gets no certificate now, or None."""
    was_revoked = mine is not None and mine.was_revoked and mine.certificate is None
    return why_not_again(was_revoked=was_revoked, is_chosen=False) or why_not_certify(
        rule,
        wanted,
        is_enrolled=reading.is_enrolled,
        is_approved=bool(mine and mine.is_approved),
        name=mine.confirmed if mine else "",
        has_certificate=bool(mine and mine.certificate),
    )


def _me() -> int:
    return int(current_user.person_id)


def _own(code: str) -> Shown:
    return found(queries.find_own(current_user, read_code(code) or ""))


def _may_issue(reading: Reading) -> bool:
    return may_certify(current_user, course=reading.course_id, edition=reading.edition_id)


def _certified(edition: str) -> Reading:
    """The edition for someone who issues its certificates; those who only teach it are told no."""
    reading = found(find_taught(current_user, edition, language()))
    require(_may_issue(reading))
    return reading


def _do(what: str, edition_id: int, chosen: list[int]) -> str:
    match what:
        case "approve":
            count = actions.approve(edition_id, chosen, _me())
            return _n("%(num)s certificate approved.", "%(num)s certificates approved.", count)
        case "ask":
            count = actions.ask_for_names(edition_id)
            return _n(
                "%(num)s person is asked for a name.", "%(num)s people are asked for a name.", count
            )
    count = actions.issue(edition_id, None if what == "issue_all" else chosen, _me())
    return _n("%(num)s certificate issued.", "%(num)s certificates issued.", count)


def _issued_page(
    reading: Reading, shown: Shown, correction: CorrectionForm, revocation: RevocationForm
) -> str:
    certificate, holder = shown
    return render_template(
        "certificates/pages/issued.html",
        reading=reading,
        correction=correction,
        revocation=revocation,
        refusal=why_not_change(holds=certificate.holds),
        **told(certificate, holder),
    )


def _linkedin(certificate: Certificate, link: str) -> str:
    asked = {
        "startTask": "CERTIFICATION_NAME",
        "name": certificate.title,
        "organizationName": certificate.issuer,
        "issueYear": certificate.issued_on.year,
        "issueMonth": certificate.issued_on.month,
        "certUrl": link,
        "certId": shown_code(certificate.code),
    }
    return f"{LINKEDIN}?{urlencode(asked)}"


def _file_name(certificate: Certificate) -> str:
    return f"{certificate.course}-{shown_code(certificate.code)}"


def _attached(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
