"""Asking, issuing, making, correcting and revoking certificates; the keys that sign them."""

from coursehub.certificates.actions.asking import approve, ask_for
from coursehub.certificates.actions.changing import forget, reissue, revoke
from coursehub.certificates.actions.issuing import ask_for_names, confirm_name, issue
from coursehub.certificates.actions.keys import rotate, signer

__all__ = [
    "approve",
    "ask_for",
    "ask_for_names",
    "confirm_name",
    "forget",
    "issue",
    "reissue",
    "revoke",
    "rotate",
    "signer",
]
