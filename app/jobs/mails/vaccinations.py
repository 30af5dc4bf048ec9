"""The mail after a dose. It says that the record has news, not what they are: mails are read by others, too."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.recipients.closing.close_record import may_be_mailed
from app.domain.vaccinations.administer_dose import recipient_of_dose
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@composes("vaccinations.dose_recorded")
def dose_recorded(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """Your record is up to date; the proof and the day of the next visit are behind the sign-in."""
    recipient = recipient_of_dose(session, UUID(payload["administration_id"]))
    if recipient is None or not recipient.email or not may_be_mailed(session, recipient.id):
        return None
    return Letter(
        to=recipient.email,
        to_name=recipient.full_name,
        template="emails/record_updated.txt",
        context={"first_name": recipient.first_name, "link": post.url(f"/recipient/{recipient.id}")},
        language="es" if recipient.language == "es" else "en",
    )
