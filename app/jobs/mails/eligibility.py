"""The mail to people whose turn it is. It does not name the group: that may tell of somebody's health."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.eligibility.status import person_to_tell
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@composes("eligibility.opened")
def opened(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """It is your turn, which is not an appointment."""
    recipient = person_to_tell(session, UUID(payload["recipient_id"]))
    if recipient is None or not recipient.email:
        return None
    return Letter(
        to=recipient.email,
        to_name=recipient.full_name,
        template="emails/eligibility_opened.txt",
        context={"first_name": recipient.first_name, "link": post.url(f"/recipient/{recipient.id}")},
        language="es" if recipient.language == "es" else "en",
    )
