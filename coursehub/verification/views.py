"""The pages where anybody checks a certificate, and what other programs need to check one."""

import hashlib
from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from coursehub.certificates import queries
from coursehub.certificates.actions import signer
from coursehub.certificates.actions.wording import told
from coursehub.certificates.formats import credential as credentials
from coursehub.certificates.formats.codes import read_code, shown_code
from coursehub.certificates.formats.credential import ISSUER, Issuer
from coursehub.certificates.formats.signing import signed
from coursehub.certificates.models import Certificate, Holder
from coursehub.certificates.rules import state_of
from coursehub.foundation.access import found, public
from coursehub.foundation.addresses import site_address
from coursehub.foundation.clock import now
from coursehub.foundation.language import _
from coursehub.verification.forms import CodeForm, FileForm

bp = Blueprint("verification", __name__)

OFFLINE_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; sandbox"
)


@bp.get("/verify")
@public
def show_verify() -> ResponseReturnValue:
    form = CodeForm(request.args)
    if "code" not in request.args:
        return _verify_page(form, FileForm())
    if not form.validate():
        return _verify_page(form, FileForm()), 422
    return redirect(url_for(".show_verified", code=read_code(form.code.data)), 303)


@bp.post("/verify")
@public
def check_file() -> ResponseReturnValue:
    """Compare a PDF with the one that was issued, byte by byte; nothing of it is kept."""
    form, file = FileForm(), request.files.get("file")
    if not form.validate() or file is None or not file.filename:
        mistake = _("Choose the PDF file of the certificate.")
        return _verify_page(CodeForm(None), form, mistake=mistake), 422
    known = queries.find_by_file(hashlib.sha256(file.stream.read()).hexdigest())
    shown = queries.find_certificate(known or read_code(form.code.data or "") or "")
    if shown is None:
        return _verify_page(CodeForm(None), form, is_unknown_file=True)
    return _verified_page(shown, is_same_file=shown[0].code == known)


@bp.get("/verify/<code>")
@public
def show_verified(code: str) -> ResponseReturnValue:
    shown = queries.find_certificate(read_code(code) or "")
    if shown is None:
        form = CodeForm(None)
        form.code.data = code[:60]
        return _verify_page(form, FileForm(), is_unknown=True), 404
    return _verified_page(shown)


@bp.get("/verify/<code>.json")
@public
def show_verified_json(code: str) -> ResponseReturnValue:
    certificate, holder = found(queries.find_certificate(read_code(code) or ""))
    return jsonify(_as_json(certificate, holder))


@bp.get("/verify/offline")
@public
def show_offline() -> ResponseReturnValue:
    """One page that checks certificates by itself, with the keys of this moment."""
    issuer = _issuer()
    keys = {key.name: key.public for key in queries.signing_keys()}
    page = render_template("verification/pages/offline.html", keys=keys, issuer=issuer, today=now())
    answer = make_response(page)
    answer.headers["Content-Disposition"] = 'attachment; filename="coursehub-verify.html"'
    answer.headers["Content-Security-Policy"] = OFFLINE_POLICY
    return answer


@bp.get("/.well-known/did.json")
@public
def show_did() -> ResponseReturnValue:
    keys = [(key.name, key.public) for key in queries.signing_keys()]
    return _document(credentials.did_document(keys, _issuer()))


@bp.get("/credentials/keys")
@public
def show_keys() -> ResponseReturnValue:
    """Every key by itself, with the time in which it signed."""
    keys = [
        {
            "id": _issuer().method(key.name),
            "publicKeyMultibase": key.public,
            "from": credentials.instant(key.made_at),
            "until": key.retired_at and credentials.instant(key.retired_at),
        }
        for key in queries.signing_keys()
    ]
    return _document({"issuer": _issuer().did, "keys": keys})


@bp.get("/credentials/status/<int:number>")
@public
def show_status(number: int) -> ResponseReturnValue:
    ended, moment = queries.ended_in_list(number)
    unsigned = credentials.status_list(number, ended, found(moment), _issuer())
    key_name, key = signer()
    method = _issuer().method(key_name)
    return _document(signed(unsigned, key, method, unsigned["validFrom"]))


def _verify_page(form: CodeForm, file_form: FileForm, **more: Any) -> str:
    return render_template("verification/pages/verify.html", form=form, file_form=file_form, **more)


def _verified_page(
    shown: tuple[Certificate, Holder | None], is_same_file: bool | None = None
) -> str:
    certificate, holder = shown
    successor = queries.successor_of(certificate) if certificate.replaced_at else None
    return render_template(
        "verification/pages/verified.html",
        is_same_file=is_same_file,
        successor=successor,
        shown_code=shown_code,
        file_form=FileForm(None),
        **told(certificate, holder),
    )


def _as_json(certificate: Certificate, holder: Holder | None) -> dict[str, Any]:
    successor = queries.successor_of(certificate) if certificate.replaced_at else None
    said = certificate
    return {
        "code": shown_code(said.code),
        "state": state_of(said),
        "name": holder and holder.name,
        "kind": said.kind,
        "course": said.title,
        "language": said.language,
        "modules": said.modules,
        "activities": said.activities,
        "hours": said.hours,
        "edition": said.edition,
        "starts_on": f"{said.starts_on}",
        "ends_on": f"{said.ends_on}",
        "completed_on": f"{said.completed_on}",
        "issued_on": f"{said.issued_on}",
        "issuer": said.issuer,
        "pdf_sha256": said.pdf_sha256,
        "replaced_by": successor and shown_code(successor),
        "revoked_at": said.revoked_at and credentials.instant(said.revoked_at),
        "reason": said.reason or None,
    }


def _issuer() -> Issuer:
    return Issuer(ISSUER, site_address())


def _document(content: dict[str, Any]) -> Response:
    """What other programs fetch, from any page."""
    answer = jsonify(content)
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
