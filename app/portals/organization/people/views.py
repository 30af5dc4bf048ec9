"""The people an organization had accepted: names, and whether the registration is complete. Nothing else."""

from uuid import UUID

from flask import Response, request

from app.domain.accounts.access import Permission
from app.domain.recipients.queries import list_uploaded_people
from app.portals.organization.portal import portal
from app.web import context
from app.web.answers import show
from app.web.paging import Pager, after_from_request


@portal.page("/<uuid:organization_id>/people", needs=Permission.VIEW_ORGANIZATION)
def people(organization_id: UUID) -> Response:
    """By name, searched by its beginning."""
    name = request.args.get("name", "")[:100]
    found = list_uploaded_people(
        context.db(), context.actor(), organization_id, name=name, after=after_from_request()
    )
    return show("organization/people/list.html", fragment="list", people=found.items, pager=Pager(found), name=name)
