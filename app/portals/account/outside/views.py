"""There and back: to the outside identity provider, and with its answer to the account that is linked to it."""

from uuid import UUID

import structlog
from flask import Response, abort, flash, g, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from app.config import OpenIdSettings
from app.domain.accounts import outside
from app.integrations import openid
from app.portals.account.forms import EmptyForm
from app.portals.account.portal import portal
from app.portals.account.second_factor.forms import OwnPasswordForm
from app.web import context
from app.web import sign_in as signing
from app.web.answers import apology, done, go, is_local, show
from app.web.own_password import knows_the_password
from app.web.portal import PUBLIC, SIGNED_IN

log = structlog.get_logger()
_WAY, _UNKNOWN = "outside_way", signing.OUTSIDE
_KNOWN_FOR_SECONDS = 600


@portal.page("/outside/<realm>", needs=PUBLIC)
def outside_sign_in(realm: str) -> Response:
    """Away to the provider; what was to be opened is remembered."""
    provider = _provider(realm)
    wanted = request.args.get("next", "")
    try:
        response: Response = openid.send_away(provider, _callback())
    except openid.ProviderFailed as failure:
        return _failed(realm, failure)
    cookie[_WAY] = {"realm": realm, "next": wanted if is_local(wanted) else ""}
    return response


@portal.arrival("/outside/callback", needs=PUBLIC)
def outside_callback() -> Response:
    """Back from the provider: to the linked account, or to the page that links one."""
    way = cookie.get(_WAY) or {}
    realm = str(way.get("realm", ""))
    provider = _provider(realm)
    try:
        identity = openid.take_answer(provider)
    except openid.ProviderFailed as failure:
        return _failed(realm, failure)
    context.write_here()
    account = outside.find_linked_account(context.db(), identity.issuer, identity.subject)
    if account is None or account.slept_at is not None:
        cookie[_UNKNOWN] = {
            "issuer": identity.issuer, "subject": identity.subject, "shown": identity.shown,
            "at": int(context.now().timestamp()),
        }  # fmt: skip
        if context.find_account() is None:
            flash(_("This is your first time with %(name)s here: sign in once as you did until now.", name=provider.name))
            return go(url_for("account.sign_in", realm=realm, next=url_for("account.link_identity")))
        return go(url_for("account.link_identity"))
    signing.sign_in(account, passed=identity.strong)
    wanted = str(way.get("next", ""))
    return go(wanted if is_local(wanted) else url_for("account.start", realm=realm))


@portal.action("/outside/link", needs=SIGNED_IN)
def link_identity() -> Response:
    """Whoever came from the provider and then signed in says that the two are the same person.

    Whoever was signed in before shows the password: it may be somebody else's open browser.
    """
    waiting = cookie.get(_UNKNOWN) or {}
    fresh = waiting and context.now().timestamp() - waiting["at"] < _KNOWN_FOR_SECONDS
    provider = context.settings().openid
    if not fresh or provider is None:
        cookie.pop(_UNKNOWN, None)
        return go(url_for("account.choose"))
    since_then = g.signed_in_at.timestamp() >= waiting["at"]
    form = EmptyForm() if since_then else OwnPasswordForm()
    if form.submitted() and (since_then or knows_the_password(form, form.password)):
        try:
            outside.link_identity(
                context.db(), context.account(), waiting["issuer"], waiting["subject"], now=context.now()
            )
        except outside.LinkedElsewhere:
            form.form_errors.append(_("This %(name)s identity belongs to another account here.", name=provider.name))
        else:
            cookie.pop(_UNKNOWN, None)
            context.wake("mail")
            return done(url_for("account.choose"), _("From now on %(name)s signs you in.", name=provider.name))
    return show("account/outside/link.html", form=form, provider=provider, shown=waiting["shown"])


@portal.action("/outside/<uuid:identity_id>/unlink", needs=SIGNED_IN, methods=("POST",))
def unlink_identity(identity_id: UUID) -> Response:
    """This identity signs in no more."""
    outside.unlink_identity(context.db(), context.account(), identity_id, now=context.now())
    context.wake("mail")
    return done(url_for("account.own_account"), _("It is unlinked. Your password signs you in."))


def _provider(realm: str) -> OpenIdSettings:
    provider = context.settings().openid
    if provider is None or realm not in provider.realms:
        abort(404)
    return provider


def _callback() -> str:
    return context.settings().public_url + url_for("account.outside_callback")


def _failed(realm: str, failure: openid.ProviderFailed) -> Response:
    log.warning("openid.failed", why=str(failure))
    return apology(
        400, _("This sign-in did not end well"),
        _("Nothing is lost. Try again, or sign in with your user name and password."),
        back_url=url_for("account.sign_in", realm=realm),
    )  # fmt: skip
