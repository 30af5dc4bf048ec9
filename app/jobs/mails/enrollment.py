"""Mails about enrollments. They name places and fields, never what was answered."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts import invitations
from app.domain.enrollment import letters
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_ONLY_WHILE_AWAITED = {"section_b_asked", "signature_asked", "reminder"}


def _invites(kind: str) -> None:
    @composes(f"enrollment.{kind}_invited")
    def invited(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
        """The invitation with the link to register."""
        invitation = invitations.get_invitation(session, UUID(payload["invitation_id"]))
        if invitation.accepted_at or invitation.withdrawn_at:
            return None
        offer = letters.offer_of(session, invitation)
        token = invitations.make_link(session, "invitation", now=post.now, invitation_id=invitation.id)
        return Letter(
            to=invitation.email,
            to_name=f"{invitation.first_name} {invitation.last_name}",
            template=f"emails/enrollment_{kind}_invited.txt",
            context={
                "offer": offer,
                "locations": offer.locations[: letters.MOST_NAMED],
                "more": max(0, len(offer.locations) - letters.MOST_NAMED),
                "by_state": invitation.invited_by_id is not None,
                "link": post.url(f"/account/invitations/{token}"),
                "days": invitations.LINK_LASTS.days,
            },
        )


def _tells(kind: str) -> None:
    @composes(f"enrollment.{kind}")
    def told(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
        """A mail to one of the people of an enrollment, who is whoever has the role when it is written."""
        enrollment_id, to = UUID(payload["enrollment_id"]), payload["to"]
        location_id = UUID(payload["enrolled_location_id"]) if "enrolled_location_id" in payload else None
        addressee = letters.addressee_of(session, enrollment_id, to, location_id)
        if addressee is None:
            return None
        if kind in _ONLY_WHILE_AWAITED and not letters.is_awaited(session, enrollment_id, to, location_id):
            return None
        registers = addressee.invitation_id is not None
        path = f"/enrollment/{enrollment_id}"
        if addressee.invitation_id is not None:
            token = invitations.make_link(session, "invitation", now=post.now, invitation_id=addressee.invitation_id)
            path = f"/account/invitations/{token}"
        return Letter(
            to=addressee.email,
            to_name=addressee.name,
            template=f"emails/enrollment_{kind}.txt",
            context={
                "facts": letters.facts_of(session, enrollment_id, to, location_id),
                "to": to,
                "link": post.url(path),
                "registers": registers,
                "days": invitations.LINK_LASTS.days,
            },
            language=addressee.language,
        )


_declare: tuple[tuple[Callable[[str], None], tuple[str, ...]], ...] = (
    (_invites, ("administrator", "coordinator", "officer")),
    (
        _tells,
        (
            *("section_b_asked", "signature_asked", "reminder", "submitted"),
            *("returned", "approved", "denied", "disenrolled"),
        ),
    ),
)
for _kind_of_mail, _names in _declare:
    for _name in _names:
        _kind_of_mail(_name)
