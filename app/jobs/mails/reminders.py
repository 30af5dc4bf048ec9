"""The reminder of a next dose. It names no vaccine, no day and no clinic: mails are read by others, too."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.reminders.choices import stop_token
from app.domain.reminders.remind import MAIL, still_due
from app.infra import clock
from app.jobs.mails.registry import Letter, NotAtThisHour, Post, composes
from app.jobs.remind_of_doses import EARLIEST_HOUR, LATEST_HOUR

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@composes(MAIL)
def dose_due(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """Asked again when it is sent: nobody is reminded of a dose that they have had meanwhile, nor at night."""
    zone = post.settings.zone
    hour = clock.decent_hour(post.now, zone, first=EARLIEST_HOUR, last=LATEST_HOUR)
    if hour != post.now:
        raise NotAtThisHour(hour)
    found = still_due(
        session, UUID(payload["recipient_id"]), int(payload["step"]), today=clock.local_date(post.now, zone),
        now=post.now,
    )  # fmt: skip
    if found is None:
        return None
    recipient, address = found
    stop = post.url(f"/recipient/reminders/stop/{stop_token(recipient.id)}")
    return Letter(
        to=address.email,
        to_name=address.full_name,
        template="emails/dose_due.txt",
        context={
            "first_name": address.first_name,
            "for_dependant": address.for_dependant,
            "overdue": payload["kind"] == "overdue",
            "link": post.url(f"/recipient/{recipient.id}"),
            "stop_link": stop,
        },
        language=address.language,
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
