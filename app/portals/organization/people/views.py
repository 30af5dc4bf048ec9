"""The people an organization had accepted: names, and whether the registration is complete. Nothing else."""

from functools import partial
from uuid import UUID

from flask import Response, url_for

from app.domain.accounts.access import Permission
from app.domain.recipients.queries import list_uploaded_people
from app.portals.organization.portal import portal
from app.web import context
from app.web.answers import show
from app.web.paging import Pager, after_from_request
from app.web.sealed import NameSearch, answer_at
from app.web.undelivered import has_undelivered, send_one_again, show_undelivered


@portal.action("/<uuid:organization_id>/people", needs=Permission.VIEW_ORGANIZATION)
def people(organization_id: UUID) -> Response:
    """By name, searched by its beginning. No name stands in an address."""
    search = NameSearch()
    if search.submitted():
        return answer_at(url_for("organization.people", organization_id=organization_id, q=search.sealed()))
    found = list_uploaded_people(
        context.db(), context.actor(), organization_id, name=search.typed, after=after_from_request()
    )
    may_send = context.actor().may(Permission.UPLOAD_PEOPLE, at=organization_id)
    return show(
        "organization/people/list.html", fragment="list", form=search, people=found.items, pager=Pager(found),
        undelivered=may_send and has_undelivered("organization", organization_id),
    )  # fmt: skip


@portal.page("/<uuid:organization_id>/people/undelivered", needs=Permission.UPLOAD_PEOPLE)
def people_undelivered(organization_id: UUID) -> Response:
    """Invitations of the own uploads that could not arrive."""
    one = partial(url_for, "organization.people_send_again", organization_id=organization_id)
    return show_undelivered("organization", organization_id, lambda message_id: one(message_id=message_id))


@portal.action("/<uuid:organization_id>/people/undelivered/<uuid:message_id>", needs=Permission.UPLOAD_PEOPLE)
def people_send_again(organization_id: UUID, message_id: UUID) -> Response:
    """One of them is sent again, to a corrected address where it was wrong."""
    back = url_for("organization.people_undelivered", organization_id=organization_id)
    return send_one_again("organization", organization_id, message_id, back)
