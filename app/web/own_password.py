"""Whoever finds a browser that somebody left signed in does not take the account over: what would allow it asks for the
password once more."""

from functools import partial
from typing import Any

from flask_babel import gettext as _

from app.domain.accounts import attempts, passwords, sessions
from app.web import context
from app.web.forms import Form, add_error


def knows_the_password(form: Form, field: Any) -> bool:
    """True where `field` has the password of who is signed in; else the form says so. Tries are counted."""
    parts, now, account = context.database(), context.now(), context.account()
    key = str(account.id)
    if attempts.blocked(context.db(), "own-password", key, limit=sessions.PER_NAME, within=sessions.WINDOW, now=now):
        form.form_errors.append(_("Too many tries. Please wait fifteen minutes, then try again."))
        return False
    if passwords.verify(account.password_hash, field.data or ""):
        return True
    context.afterwards(partial(attempts.note, parts, "own-password", key, now=now))
    add_error(field, _("This is not your password. Check it, or sign out and use “Forgot your password?”."))
    return False
