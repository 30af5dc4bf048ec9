"""The people in a location's list."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.domain.accounts.access import Permission
from app.domain.organizations.names import name_of_organization
from app.domain.program.counties import COUNTIES
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.program.lookup import Choices
from app.domain.recipients.closing.close_record import closure_of
from app.domain.recipients.queries import get_recipient
from app.domain.vaccinations.doses import removed_doses
from app.domain.vaccinations.history import doses_of, series_of
from app.domain.vaccinations.list_recipients import list_recipients
from app.portals.provider.portal import portal
from app.portals.provider.recipients import close_views, export_views
from app.portals.provider.recipients.forms import RecipientSearch
from app.web import context
from app.web.answers import show
from app.web.paging import Pager, after_from_request
from app.web.sealed import answer_at

__all__ = ["close_views", "export_views"]


@portal.action("/<uuid:location_id>/recipients", needs=Permission.VIEW_RECIPIENTS)
def recipients(location_id: UUID) -> Response:
    """By name; searched by its beginning, narrowed by what the form asks. No name stands in an address."""
    search = RecipientSearch()
    if search.submitted():
        return answer_at(url_for("provider.recipients", location_id=location_id, **search.arguments()))
    found = list_recipients(context.db(), context.actor(), location_id, search.wanted(), after=after_from_request())
    return show(
        "provider/recipients/list.html", fragment="list", form=search, people=found.items, pager=Pager(found),
        may_export=context.actor().may(Permission.EXPORT_RECIPIENTS, at=location_id),
    )  # fmt: skip


@portal.page("/<uuid:location_id>/recipients/<uuid:recipient_id>", needs=Permission.VIEW_RECIPIENTS)
def recipient_page(location_id: UUID, recipient_id: UUID) -> Response:
    """One person: details, registration, doses."""
    found = get_recipient(context.db(), context.actor(), location_id, recipient_id)
    context.note_read("recipient.opened", "recipient", found.id, location_id)
    words = {
        "county": _label(COUNTIES, found.county_fips),
        "gender": _label(GENDERS, found.gender),
        "races": ", ".join(_label(RACES, code) for code in found.races),
        "ethnicity": _label(ETHNICITIES, found.ethnicity),
        "employer": name_of_organization(context.db(), found.organization_id),
    }
    series = series_of(doses_of(context.db(), found.id), context.today())
    removed = removed_doses(context.db(), context.actor(), location_id, found.id)
    return show(
        "provider/recipients/recipient.html", recipient=found, words=words, series=series, removed=removed,
        closure=closure_of(context.db(), found.id),
        may_close=context.actor().may(Permission.CLOSE_RECORDS, at=location_id),
    )  # fmt: skip


def _label(choices: Choices[Any], code: str | None) -> str:
    entry = choices.by_code(code) if code else None
    return entry.label if entry else ""
