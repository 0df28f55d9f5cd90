"""Creating accounts, letting people in and out, and changing what identifies them."""

from coursehub.accounts.actions.erasure import erase_person
from coursehub.accounts.actions.links import (
    ask_for_link,
    ask_to_change_email,
    ask_to_reset,
    ask_to_sign_up,
    confirm_email,
    confirm_sign_up,
    reset_password,
    sign_in_by_link,
)
from coursehub.accounts.actions.passwords import (
    change_password,
    hash_password,
    password_matches,
    try_password,
)
from coursehub.accounts.actions.people import (
    accept,
    choose_language,
    create_person,
    end_grant,
    grant_role,
    save_profile,
)
from coursehub.accounts.actions.sessions import (
    forget_expired,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from coursehub.accounts.actions.tickets import void_used

__all__ = [
    "accept",
    "ask_for_link",
    "ask_to_change_email",
    "ask_to_reset",
    "ask_to_sign_up",
    "change_password",
    "choose_language",
    "confirm_email",
    "confirm_sign_up",
    "create_person",
    "end_grant",
    "erase_person",
    "forget_expired",
    "grant_role",
    "hash_password",
    "password_matches",
    "reset_password",
    "save_profile",
    "sign_in",
    "sign_in_by_link",
    "sign_out",
    "sign_out_everywhere",
    "try_password",
    "void_used",
]
