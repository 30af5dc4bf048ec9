"""The mail to people whose turn it is. It does not name the group: that may tell of somebody's health."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.eligibility.recompute import FIRST_HOUR, LAST_HOUR
from app.domain.eligibility.status import person_to_tell
from app.domain.recipients.closing.close_record import may_be_mailed
from app.domain.reminders.addresses import addresses_of
from app.domain.reminders.choices import live_stop, stop_token
from app.domain.vaccinations.history import doses_of
from app.infra import clock
from app.jobs.mails.registry import Letter, NotAtThisHour, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@composes("eligibility.opened")
def opened(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """It is your turn, which is not an appointment. Not when the group is closed again, nor to those who had a dose or
    stopped mails meanwhile, nor at night.
    """
    hour = clock.decent_hour(post.now, post.settings.zone, first=FIRST_HOUR, last=LAST_HOUR)
    if hour != post.now:
        raise NotAtThisHour(hour)
    recipient = person_to_tell(
        session, UUID(payload["recipient_id"]), today=clock.local_date(post.now, post.settings.zone)
    )
    if recipient is None or doses_of(session, recipient.id):
        return None
    address = addresses_of(session, [recipient], now=post.now).get(recipient.id)
    if address is None or live_stop(session, recipient.id) or not may_be_mailed(session, recipient.id):
        return None
    stop = post.url(f"/recipient/reminders/stop/{stop_token(recipient.id)}")
    return Letter(
        to=address.email,
        to_name=address.full_name,
        template="emails/eligibility_opened.txt",
        context={
            "first_name": address.first_name,
            "for_dependant": address.for_dependant,
            "link": post.url(f"/recipient/{recipient.id}"),
            "stop_link": stop,
        },
        language=address.language,
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
