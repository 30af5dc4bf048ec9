"""The forgotten password: user name, "now, check your email", link, new password."""

from flask import Response, abort, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts, password_reset, passwords
from app.domain.accounts.invitations import LinkExpired, LinkUnknown, LinkUsed, WeakPassword
from app.domain.accounts.sessions import PER_NAME, WINDOW
from app.portals.account.forms import ForgottenForm, NewPasswordForm
from app.portals.account.portal import portal
from app.portals.account.wording import REALM_WORDS, weak_password_text
from app.web import context
from app.web import sign_in as signing
from app.web.answers import apology, done, go, show
from app.web.forms import add_error
from app.web.portal import PUBLIC


@portal.action("/<realm>/forgotten-password", needs=PUBLIC)
def forgotten_password(realm: str) -> Response:
    """Ask for the user name; the next page is the same whether or not the account exists."""
    if realm not in REALM_WORDS:
        abort(404)
    form = ForgottenForm()
    if form.submitted():
        address, now, parts = context.client_address(), context.now(), context.database()
        if not attempts.blocked(context.db(), "reset", address, limit=PER_NAME, within=WINDOW, now=now):
            password_reset.ask_for_reset(context.db(), realm, form.name.data or "", now=now)
            context.wake("mail")
        context.afterwards(lambda: attempts.note(parts, "reset", address, now=now))
        return go(url_for("account.check_your_email", realm=realm))
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
        return apology(
            404, _("This link cannot be used any more"),
            _("Links work once and for two hours. Ask for a new one on the page “Forgot your password?”."),
            back_url=url_for("account.forgotten_password", realm=realm),
        )  # fmt: skip
    form = NewPasswordForm()
    if form.submitted():
        try:
            password_reset.reset_password(context.db(), account, link, form.password.data or "", now=context.now())
        except WeakPassword as error:
            add_error(form.password, weak_password_text(error.unmet))
        else:
            signing.sign_in(account)
            context.wake("mail")
            return done(url_for("account.start", realm=realm), _("Your password is changed."))
    return show("account/new_password.html", form=form, realm=realm, criteria=passwords.CRITERIA)
