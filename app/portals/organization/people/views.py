"""The people an organization had accepted: names, and whether the registration is complete. Nothing else."""

from uuid import UUID

from flask import Response, url_for

from app.domain.accounts.access import Permission
from app.domain.recipients.queries import list_uploaded_people
from app.portals.organization.portal import portal
from app.web import context
from app.web.answers import show
from app.web.paging import Pager, after_from_request
from app.web.sealed import NameSearch, answer_at


@portal.action("/<uuid:organization_id>/people", needs=Permission.VIEW_ORGANIZATION)
def people(organization_id: UUID) -> Response:
    """By name, searched by its beginning. No name stands in an address."""
    search = NameSearch()
    if search.submitted():
        return answer_at(url_for("organization.people", organization_id=organization_id, q=search.sealed()))
    found = list_uploaded_people(
        context.db(), context.actor(), organization_id, name=search.typed, after=after_from_request()
    )
    return show("organization/people/list.html", fragment="list", form=search, people=found.items, pager=Pager(found))
