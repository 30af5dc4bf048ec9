"""The forgotten password: user name, "now, check your email", link, new password."""

from functools import partial

from flask import Response, abort, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts, password_reset
from app.domain.accounts.invitations import LinkExpired, LinkUnknown, LinkUsed, WeakPassword
from app.domain.accounts.names import fold_name
from app.domain.accounts.sessions import PER_NAME, WINDOW
from app.portals.account.forms import ForgottenForm, NewPasswordForm
from app.portals.account.portal import portal
from app.portals.account.sent_again import signed_in_again
from app.portals.account.wording import REALM_WORDS, weak_password_text
from app.web import context
from app.web import sign_in as signing
from app.web.answers import apology, done, go, show
from app.web.forms import add_error
from app.web.portal import PUBLIC

MAILS_PER_NAME = 3


@portal.action("/<realm>/forgotten-password", needs=PUBLIC)
def forgotten_password(realm: str) -> Response:
    """Ask for the user name; the next page is the same whether or not the account exists.

    No recipient has an e-mail address as user name: whoever types one would wait in vain for a mail.
    """
    if realm not in REALM_WORDS:
        abort(404)
    form = ForgottenForm()
    if form.submitted():
        if realm != "recipient" or "@" not in (form.name.data or ""):
            _ask(realm, form.name.data or "")
            return go(url_for("account.check_your_email", realm=realm))
        add_error(
            form.name, _("This is an e-mail address. If you do not know your user name, find it with the link below")
        )
    return show("account/forgotten_password.html", form=form, realm=realm, words=REALM_WORDS[realm])


@portal.page("/<realm>/check-your-email", needs=PUBLIC)
def check_your_email(realm: str) -> Response:
    """Says to look in the mailbox, in the spam folder, and where to turn."""
    if realm not in REALM_WORDS:
        abort(404)
    return show("account/check_your_email.html", realm=realm)


@portal.action("/<realm>/new-password/<token>", needs=PUBLIC)
def new_password(realm: str, token: str) -> Response:
    """The link of the mail: a new password, typed twice against criteria that one can see."""
    if realm not in REALM_WORDS:
        abort(404)
    try:
        account, link = password_reset.open_reset(context.db(), token, now=context.now())
    except (LinkUnknown, LinkUsed, LinkExpired):
        return signed_in_again("reset", token, realm) or _no_use(realm)
    form = NewPasswordForm()
    if form.submitted():
        try:
            password_reset.reset_password(context.db(), account, link, form.password.data or "", now=context.now())
        except WeakPassword as error:
            add_error(form.password, weak_password_text(error.unmet))
        except LinkUsed:
            return _no_use(realm)
        else:
            signing.sign_in(account)
            context.wake("mail")
            return done(url_for("account.start", realm=realm), _("Your password is changed."))
    return show("account/new_password.html", form=form, realm=realm)


def _ask(realm: str, name: str) -> None:
    """Mail the link, unless this network address or this name has asked too often; the page does not tell."""
    session, now, parts = context.db(), context.now(), context.database()
    whence, whose = context.client_address(), f"{realm}:{fold_name(name)}"
    tries = (("reset", whence, PER_NAME), ("reset-name", whose, MAILS_PER_NAME))
    if not any(attempts.blocked(session, what, key, limit=limit, within=WINDOW, now=now) for what, key, limit in tries):
        password_reset.ask_for_reset(session, realm, name, now=now)
        context.wake("mail")
    for what, key, _limit in tries:
        context.afterwards(partial(attempts.note, parts, what, key, now=now))


def _no_use(realm: str) -> Response:
    return apology(
        404, _("This link cannot be used any more"),
        _("Links work once and for two hours. Ask for a new one on the page “Forgot your password?”."),
        back_url=url_for("account.forgotten_password", realm=realm),
    )  # fmt: skip
