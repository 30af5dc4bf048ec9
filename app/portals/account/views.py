"""Signing in and out, choosing a place, and one's own account."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from flask import Response, abort, flash, request, url_for
from flask_babel import gettext as _

from app.domain.accounts import sessions
from app.domain.accounts.invitations import WeakPassword
from app.domain.accounts.outside import identities_of
from app.domain.accounts.password_reset import set_password
from app.domain.drafts.drafts import paused_drafts
from app.domain.errors import Refusal
from app.domain.recipients.joining.self_register import is_open
from app.portals.account import places
from app.portals.account.forms import ChangePasswordForm, EmptyForm, SignInForm
from app.portals.account.portal import portal
from app.portals.account.wording import REALM_WORDS, weak_password_text, why_not_now
from app.web import context
from app.web import sign_in as signing
from app.web.answers import done, go, is_local, show
from app.web.forms import add_error
from app.web.own_password import knows_the_password
from app.web.portal import PUBLIC, SIGNED_IN
from app.web.resume import keep_typed

log = structlog.get_logger()


@portal.action("/sign-in/<realm>", needs=PUBLIC)
def sign_in(realm: str) -> Response:
    """User name and password of one portal."""
    if realm not in REALM_WORDS:
        abort(404)
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    if form.submitted():
        typed = sessions.Credentials(realm, form.name.data or "", form.password.data or "", context.client_address())
        try:
            account = sessions.authenticate(context.db(), context.database(), typed, now=context.now())
        except (sessions.TooManyAttempts, sessions.AccountAsleep, sessions.WrongNameOrPassword) as refusal:
            _refuse(form, typed, refusal)
        else:
            signing.sign_in(account)
            return go(_way_on(form, realm, account.id))
    may_register = realm == "recipient" and is_open(context.db(), today=context.today())
    provider = context.settings().openid
    return show(
        "account/sign_in.html", form=form, realm=realm, words=REALM_WORDS[realm], may_register=may_register,
        outside=provider.name if provider and realm in provider.realms else None,
    )  # fmt: skip


def _refuse(form: SignInForm, typed: sessions.Credentials, refusal: Refusal) -> None:
    """Count it, log it without a name, and say what is said to everybody."""
    log.warning("sign_in.refused", realm=typed.realm, why=type(refusal).__name__)
    if isinstance(refusal, sessions.TooManyAttempts | sessions.AccountAsleep):
        form.form_errors.append(why_not_now(refusal))
        return
    parts, now = context.database(), context.now()
    context.afterwards(lambda: sessions.note_failure(parts, typed, now=now))
    form.form_errors.append(_("The user name or the password is not right. Check both and try again."))


def _way_on(form: SignInForm, realm: str, account_id: UUID) -> str:
    """Back to the interrupted form, to the page that was asked for, or to the portal's first page."""
    if form.kept.data:
        target = keep_typed(form.kept.data, account_id)
        if target and is_local(target):
            flash(_("You are signed in again. What you typed is still here: check it and save it."), "info")
            return target
    wanted = form.next.data or ""
    if is_local(wanted) and not urlsplit(wanted).path.startswith("/account/sign-"):
        return wanted
    return url_for("account.start", realm=realm)


@portal.action("/sign-out", needs=PUBLIC)
def sign_out() -> Response:
    """End this browser's session."""
    form = EmptyForm()
    if form.submitted():
        signing.sign_out()
        return done(url_for("front.home"), _("You are signed out."))
    return show("account/sign_out.html", form=form)


@portal.page("/start/<realm>", needs=SIGNED_IN)
def start(realm: str) -> Response:
    """After signing in: straight to the place when there is one, to the choice when there are several."""
    found = places.of_actor(context.actor())
    here = [place for place in found if place.realm == realm] or found
    paused = paused_drafts(context.db(), context.account().id)
    if paused:
        flash(_("You paused a form earlier. It is kept: you can review it and go on."), "info")
    return go(here[0].url if len(here) == 1 else url_for("account.choose"))


@portal.page("/choose", needs=SIGNED_IN)
def choose() -> Response:
    """The places and parts of this person."""
    return show("account/choose.html", places=places.of_actor(context.actor()))


@portal.page("/", needs=SIGNED_IN)
def own_account() -> Response:
    """Names, places and open sessions of one's own account."""
    settings = context.settings()
    since = context.now() - timedelta(seconds=settings.session_idle_seconds)
    account = context.account()
    return show(
        "account/own.html", person=account, realms=REALM_WORDS, form=EmptyForm(),
        sessions=sessions.open_sessions(context.db(), account.id, since=since),
        places=places.of_actor(context.actor()), identities=identities_of(context.db(), account.id),
        provider=settings.openid,
    )  # fmt: skip


@portal.action("/sign-out-everywhere", needs=SIGNED_IN, methods=("POST",))
def sign_out_everywhere() -> Response:
    """End all sessions of this account."""
    sessions.end_all_sessions(context.db(), context.account().id, now=context.now())
    signing.sign_out()
    return done(url_for("front.home"), _("You are signed out everywhere."))


@portal.action("/password", needs=SIGNED_IN)
def change_password() -> Response:
    """A new password for the account that is signed in."""
    form = ChangePasswordForm()
    if form.submitted() and knows_the_password(form, form.current):
        try:
            set_password(context.db(), context.account(), form.password.data or "", now=context.now())
        except WeakPassword as error:
            add_error(form.password, weak_password_text(error.unmet))
        else:
            signing.sign_in(context.account(), passed=True)
            context.wake("mail")
            return done(url_for("account.own_account"), _("Your password is changed. Other devices are signed out."))
    return show("account/change_password.html", form=form)
