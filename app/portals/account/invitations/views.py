"""The link in a welcome mail: claim the role with a new account, or add it to the one you have."""

from typing import TYPE_CHECKING

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts, invitations, sessions
from app.domain.accounts.access import Role
from app.domain.errors import Refusal
from app.domain.recipients.claim import birth_date_of
from app.portals.account.forms import AddRoleForm, ClaimForm, EmptyForm, NewPasswordForm
from app.portals.account.portal import portal
from app.portals.account.sent_again import signed_in_again
from app.portals.account.wording import REALM_WORDS, weak_password_text, why_not_now
from app.web import context
from app.web import sign_in as signing
from app.web.answers import apology, done, go, show
from app.web.forms import add_error
from app.web.portal import PUBLIC

if TYPE_CHECKING:
    from app.domain.accounts.models import Account, Invitation


@portal.action("/invitations/<token>", needs=PUBLIC)
def accept_invitation(token: str) -> Response:
    """Set a password (recipients also show their birth date) and be signed in."""
    try:
        invitation, link = invitations.open_invitation(context.db(), token, now=context.now())
    except (invitations.LinkUnknown, invitations.LinkUsed) as error:
        return signed_in_again("invitation", token) or _no_use(error)
    except invitations.LinkExpired:
        return go(url_for("account.renew_invitation", token=token))
    form: NewPasswordForm = ClaimForm() if invitation.role == Role.RECIPIENT else NewPasswordForm()
    if form.submitted() and _is_the_person(invitation, form):
        try:
            account = invitations.accept_with_new_account(
                context.db(), invitation, link, form.password.data or "", now=context.now()
            )
        except invitations.WeakPassword as error:
            add_error(form.password, weak_password_text(error.unmet))
        except (invitations.LinkUsed, invitations.LinkUnknown) as error:
            return _no_use(error)
        else:
            signing.sign_in(account, new=True)
            context.wake("mail")
            name = invitations.sign_in_name_of(account, invitation.realm)
            return done(_start(invitation), _("Welcome. Your user name is %(name)s: please note it.", name=name))
    known = invitations.accounts_behind_mailbox(context.db(), invitation.email)
    return show("account/invitation.html", form=form, invitation=invitation, token=token, known=known,
                words=REALM_WORDS[invitation.realm])  # fmt: skip


@portal.action("/invitations/<token>/add", needs=PUBLIC)
def add_to_account(token: str) -> Response:
    """Add the role to an account that one has, with its user name and password."""
    try:
        invitation, link = invitations.open_invitation(context.db(), token, now=context.now())
    except invitations.LinkExpired:
        return go(url_for("account.renew_invitation", token=token))
    except Refusal as error:
        return _no_use(error)
    form = AddRoleForm()
    if form.submitted() and _is_the_person(invitation, form):
        account = _account_behind(form)
        if account is not None:
            try:
                invitations.accept_with_account(context.db(), invitation, link, account, now=context.now())
            except (invitations.LinkUsed, invitations.LinkUnknown) as error:
                return _no_use(error)
            signing.sign_in(account)
            return done(_start(invitation), _("Added to your account. You can switch between your places at any time."))
    return show("account/add_to_account.html", form=form, invitation=invitation, token=token)


@portal.action("/invitations/<token>/renew", needs=PUBLIC)
def renew_invitation(token: str) -> Response:
    """An expired link sends a fresh one, to the same address only."""
    form = EmptyForm()
    try:
        invitations.open_invitation(context.db(), token, now=context.now())
    except invitations.LinkExpired as error:
        invitation = invitations.get_invitation(context.db(), error.link.invitation_id)
        if form.submitted():
            invitations.send_invitation_again(context.db(), invitation, now=context.now())
            context.wake("mail")
            return done(url_for("front.home"), _("A fresh mail is on its way to the same address."))
        return show("account/renew_invitation.html", form=form)
    except Refusal as error:
        return _no_use(error)
    return go(url_for("account.accept_invitation", token=token))


def _is_the_person(invitation: "Invitation", form: NewPasswordForm | AddRoleForm) -> bool:
    """For a recipient the birth date must be the one on record; tries are counted."""
    if invitation.role != Role.RECIPIENT:
        return True
    key, now, parts = str(invitation.id), context.now(), context.database()
    if attempts.blocked(context.db(), "claim", key, limit=sessions.PER_NAME, within=attempts.KEPT, now=now):
        form.form_errors.append(_("Too many tries. Please try again tomorrow, or call the help line."))
        return False
    if form.birth_date.data == birth_date_of(context.db(), invitation.scope_id):
        return True
    context.afterwards(lambda: attempts.note(parts, "claim", key, now=now))
    add_error(
        form.birth_date,
        _("This is not the date of birth we have for this invitation. Check it, or call the help line."),
    )
    return False


def _account_behind(form: AddRoleForm) -> "Account | None":
    realm = form.realm.data if form.realm.data in REALM_WORDS else ""
    address, parts, now = context.client_address(), context.database(), context.now()
    failed = []
    for candidate in [realm] if realm else list(REALM_WORDS):
        typed = sessions.Credentials(candidate, form.name.data or "", form.password.data or "", address)
        try:
            return sessions.authenticate(context.db(), parts, typed, now=now)
        except (sessions.TooManyAttempts, sessions.AccountAsleep) as refusal:
            form.form_errors.append(why_not_now(refusal))
            form.refused_in = candidate
            return None
        except sessions.WrongNameOrPassword:
            failed.append(typed)
    context.afterwards(lambda: sessions.note_failure(parts, *failed, now=now))
    form.form_errors.append(_("The user name or the password is not right. Check both and try again."))
    return None


def _start(invitation: "Invitation") -> str:
    return url_for("account.start", realm=invitation.realm)


def _no_use(error: Exception) -> Response:
    if isinstance(error, invitations.LinkUsed):
        return apology(404, _("This invitation was used already"),
                       _("You have an account: sign in with your user name and password."), back_url="/")  # fmt: skip
    return apology(404, _("We do not know this link"),
                   _("Perhaps it was cut in two by your mail program. Copy the whole link from the mail."))  # fmt: skip
