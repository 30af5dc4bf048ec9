"""A person: the Recipient Portal, one record at a time."""

from typing import Any
from uuid import UUID

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Actor, Permission
from app.domain.recipients.guardians.queries import dependants_of
from app.domain.recipients.records import by_which
from app.web import context
from app.web.answers import go
from app.web.chrome import MenuItem, item
from app.web.portal import Portal

portal = Portal(
    "recipient", __name__, url_prefix="/recipient", title=_l("COVID-19 Vaccine Portal"), scope="recipient_id"
)


def menu(recipient_id: UUID | None) -> list[MenuItem]:
    """The person's own pages, or those of somebody whom they act for."""
    if recipient_id is None:
        return []
    acts = context.actor().may(Permission.ACT_FOR_OTHERS, at=recipient_id)
    own = _("My vaccine record") if acts else _("Vaccine record")
    more = [
        item(_("Reminders and mails"), "recipient.reminders", recipient_id=recipient_id),
        item(
            _("Who opened my record") if acts else _("Who opened the record"),
            "recipient.access",
            recipient_id=recipient_id,
        ),
        item(_("A copy of my data") if acts else _("A copy of the data"), "recipient.copy_page", recipient_id=recipient_id),
        item(_("Something is wrong"), "recipient.something_is_wrong", recipient_id=recipient_id),
    ]
    if acts:
        more.append(item(_("People I act for"), "recipient.family", recipient_id=recipient_id))
    return [
        item(own, "recipient.record", exactly=True, recipient_id=recipient_id),
        MenuItem(_("More"), "", current=any(entry.current for entry in more), children=more),
    ]


def place_name(recipient_id: UUID) -> str | None:
    """Above the pages of somebody else: whose they are."""
    who = context.actor()
    if who.may(Permission.ACT_FOR_OTHERS, at=recipient_id):
        return None
    for one in dependants_of(context.db(), who, now=context.now()):
        if one.recipient_id == recipient_id:
            return _("You act for %(name)s", name=one.record.full_name)
    return None


def lead_on(who: Actor, permission: Permission, arguments: dict[str, Any]) -> None:
    """Mails name the record that was kept. A right stays with the one that it was given for: its holder is led there."""
    place = arguments["recipient_id"]
    if request.method == "GET" and request.endpoint and not who.may(permission, at=place):
        held = by_which(context.db(), who.places(permission), place)
        if held is not None:
            abort(go(url_for(request.endpoint, **{**arguments, "recipient_id": held})))
    who.require(permission, at=place)


portal.check = lead_on
portal.menu = menu
portal.place_name = place_name
