"""The mail after a registration. It says nothing about the answers."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.recipients.closing.close_record import may_be_mailed
from app.domain.recipients.own_record import registered_recipient
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@composes("recipients.registered")
def registered(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """You are registered, which is not an appointment."""
    recipient = registered_recipient(session, UUID(payload["recipient_id"]))
    if recipient is None or not recipient.email or not may_be_mailed(session, recipient.id):
        return None
    return Letter(
        to=recipient.email,
        to_name=recipient.full_name,
        template="emails/registration_complete.txt",
        context={"first_name": recipient.first_name, "link": post.url(f"/recipient/{recipient.id}")},
        language="es" if recipient.language == "es" else "en",
    )
