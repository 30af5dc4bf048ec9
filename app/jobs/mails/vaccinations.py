"""The mail after a dose. It says that the record has news, not what they are: mails are read by others, too."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import system
from app.domain.recipients.closing.close_record import may_be_mailed
from app.domain.recipients.joining.invite_to_record import invite_to_record
from app.domain.reminders.addresses import addresses_of
from app.domain.vaccinations.administer_dose import recipient_of_dose
from app.domain.vaccinations.doses import person_of
from app.domain.vaccinations.renewing.renew import MAIL as PROOF_CHANGED
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@composes("vaccinations.dose_recorded")
def dose_recorded(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """Your record is up to date; the proof and the day of the next visit are behind the sign-in.

    An address that a clinic typed and nobody has confirmed gets an invitation instead, which tells nothing.
    """
    recipient = recipient_of_dose(session, UUID(payload["administration_id"]))
    if recipient is None or not may_be_mailed(session, recipient.id):
        return None
    address = addresses_of(session, [recipient], now=post.now).get(recipient.id)
    if address is None:
        invite_to_record(session, system("mail"), recipient, now=post.now)
        return None
    return Letter(
        to=address.email,
        to_name=address.full_name,
        template="emails/record_updated.txt",
        context={"first_name": address.first_name, "link": post.url(f"/recipient/{recipient.id}")},
        language=address.language,
    )


@composes(PROOF_CHANGED)
def proof_changed(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """Your proof has changed. To confirmed addresses only; what was corrected is behind the sign-in."""
    recipient = person_of(session, UUID(payload["recipient_id"]))
    if not may_be_mailed(session, recipient.id):
        return None
    address = addresses_of(session, [recipient], now=post.now).get(recipient.id)
    if address is None:
        return None
    return Letter(
        to=address.email,
        to_name=address.full_name,
        template="emails/proof_changed.txt",
        context={
            "first_name": address.first_name,
            "for_dependant": address.for_dependant,
            "link": post.url(f"/recipient/{recipient.id}/proof"),
        },
        language=address.language,
    )
