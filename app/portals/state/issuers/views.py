"""The directory of other issuers whose health cards the public page can check."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.documents.proofs.issued import proof_issuer
from app.domain.accounts.access import Permission
from app.domain.vaccinations import trusted_issuers
from app.domain.vaccinations.trusted_issuers import BadIssuer, TrustIssuer
from app.portals.state.issuers.forms import EndTrustForm, IssuerForm, KeysForm
from app.portals.state.portal import portal
from app.web.answers import done, show
from app.web.context import actor, db, now, settings
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request

_CHANGE = Permission.CHANGE_SETTINGS


@portal.page("/issuers", needs=_CHANGE)
def issuers() -> Response:
    """Whom the state trusts now."""
    found = trusted_issuers.list_issuers(db(), actor(), after=after_from_request())
    return show("state/issuers/list.html", issuers=found.items, pager=Pager(found), own=proof_issuer(settings()))


@portal.page("/issuers/history", needs=_CHANGE)
def issuer_history() -> Response:
    """Every decision, also about those that are trusted no more."""
    found = trusted_issuers.changes_of_issuers(db(), actor(), after=after_from_request())
    return show("state/issuers/history.html", changes=found.items, pager=Pager(found))


@portal.action("/issuers/new", needs=_CHANGE)
def new_issuer() -> Response:
    """Trust an issuer, or replace the keys of one whose address is known."""
    form = IssuerForm()
    if form.submitted() and _trust(form, form.url.data or ""):
        return done(url_for("state.issuers"), _("Their cards can be checked from now on."))
    return show("state/issuers/new.html", form=form)


@portal.action("/issuers/<uuid:issuer_id>", needs=_CHANGE)
def issuer(issuer_id: UUID) -> Response:
    """One issuer: its keys, what was decided about it, and its present keys."""
    found = trusted_issuers.get_issuer(db(), actor(), issuer_id)
    form = KeysForm(data={"name": found.name})
    if form.submitted() and _trust(form, found.url):
        return done(url_for("state.issuer", issuer_id=issuer_id), _("These keys hold from now on."))
    told = trusted_issuers.changes_of_issuers(db(), actor(), url=found.url)
    return show("state/issuers/issuer.html", form=form, issuer=found, changes=told.items)


@portal.action("/issuers/<uuid:issuer_id>/end", needs=_CHANGE)
def end_trust(issuer_id: UUID) -> Response:
    """Their cards are not known any more, from this moment on."""
    found = trusted_issuers.get_issuer(db(), actor(), issuer_id)
    form = EndTrustForm()
    if form.submitted():
        try:
            trusted_issuers.distrust_issuer(db(), actor(), found.url, reason=form.reason.data or "", now=now())
        except BadIssuer:
            add_error(form.reason, _("Say why"))
        else:
            return done(url_for("state.issuers"), _("Their cards are not known any more."))
    return show("state/issuers/end.html", form=form, issuer=found)


def _trust(form: IssuerForm, url: str) -> bool:
    keys = form.read_keys()
    if form.errors:
        return False
    command = TrustIssuer(url, form.name.data or "", keys, proof_issuer(settings()).url)
    try:
        trusted_issuers.trust_issuer(db(), actor(), command, now=now())
    except BadIssuer as refusal:
        sent = refusal.field == "key_list" and form.file.data and form.file.data.filename
        field = refusal.field if refusal.field in form else "name"
        add_error(form.file if sent else form[field], _("We cannot take this: %(why)s.", why=str(refusal)))
        return False
    return True
