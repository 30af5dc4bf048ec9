"""What is done with one user: end a role, close or open the account, sign out, unlock, wake, send a link."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import Conflict, NotFound, Refusal
from app.domain.oversight import help_user
from app.domain.oversight.close_account import CloseAccount, close_account, open_account_again
from app.domain.oversight.end_grant import EndGrant, end_grant
from app.domain.oversight.errors import ReasonMissing
from app.domain.oversight.one_user import UserPage, user_page
from app.portals.state.portal import portal
from app.portals.state.users import wording
from app.portals.state.users.forms import ReasonForm
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now
from app.web.forms import add_error

_NEEDS = Permission.MANAGE_STAFF
_ONE = "/users/<uuid:account_id>"


@portal.action(f"{_ONE}/roles/<uuid:grant_id>/end", needs=_NEEDS)
def end_user_role(account_id: UUID, grant_id: UUID) -> Response:
    """Are you sure, and why? Then the role is over in every browser."""
    found, form = _page(account_id), ReasonForm()
    held = next((one for one in (*found.held, *found.before) if one.id == grant_id), None)
    if held is None:
        raise NotFound(grant_id)
    if form.submitted():
        command = EndGrant(account_id, grant_id, form.because.data or "")
        if _try(form, lambda: end_grant(db(), actor(), command, now=now())):
            return _done(account_id, _("The role is over. They are signed out, and a mail tells them."))
    return show("state/users/end_role.html", form=form, user=found, held=held, words=wording)


@portal.action(f"{_ONE}/close", needs=_NEEDS)
def close_user(account_id: UUID) -> Response:
    """Nobody signs in with it any more."""
    found, form = _page(account_id), ReasonForm()
    if form.submitted():
        command = CloseAccount(account_id, form.because.data or "")
        if _try(form, lambda: close_account(db(), actor(), command, now=now())):
            return _done(account_id, _("The account is closed. A mail tells them."))
    return show("state/users/close.html", form=form, user=found)


@portal.action(f"{_ONE}/open-again", needs=_NEEDS, methods=("POST",))
def open_user_again(account_id: UUID) -> Response:
    """It was closed by mistake. Its roles have to be given again."""
    try:
        open_account_again(db(), actor(), account_id, now=now())
    except Conflict:
        return _done(account_id, _("The account is open."), "info")
    return _done(account_id, _("The account is open again. It has no roles until you give some."))


@portal.action(f"{_ONE}/<any('sign-out','reset-factor',unlock,wake):act>", needs=_NEEDS, methods=("POST",))
def help_one_user(account_id: UUID, act: str) -> Response:
    """One button: sign out everywhere, let them try again, or wake the account."""
    acts: dict[str, tuple[Callable[..., None], Any]] = {
        "sign-out": (help_user.sign_out_user, _("They are signed out everywhere. A mail tells them.")),
        "reset-factor": (
            help_user.reset_user_factor, _("The second factor is off, and they are signed out. A mail tells them.")
        ),
        "unlock": (help_user.unlock_user, _("They can try to sign in again now.")),
        "wake": (help_user.wake_user, _("The account is awake: they can sign in again. A mail tells them.")),
    }
    do, told = acts[act]
    try:
        do(db(), actor(), account_id, now=now())
    except Refusal as refusal:
        return _done(account_id, wording.why_not(refusal), "error")
    return _done(account_id, told)


@portal.action(f"{_ONE}/password-link", needs=_NEEDS, methods=("POST",))
def send_user_link(account_id: UUID) -> Response:
    """The link to a new password, to the address of the account."""
    try:
        email = help_user.send_password_link(db(), actor(), account_id, now=now())
    except Refusal as refusal:
        return _done(account_id, wording.why_not(refusal), "error")
    return _done(account_id, _("A link to a new password is on its way to %(email)s. It works for two hours.", email=email))


def _page(account_id: UUID) -> UserPage:
    return user_page(db(), actor(), account_id, idle=timedelta(0), now=now())


def _try(form: ReasonForm, act: Callable[[], None]) -> bool:
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        told = wording.why_not(refusal)
        if isinstance(refusal, ReasonMissing):
            add_error(form.because, told)
        else:
            form.form_errors.append(told)
        return False
    return True


def _done(account_id: UUID, told: str, kind: str = "success") -> Response:
    if kind == "success":
        context.wake("mail")
    return done(url_for("state.user", account_id=account_id), told, kind)
