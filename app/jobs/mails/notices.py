"""The mail that tells of planned downtime and other notices to those who work in the portals that it is for."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.program.notices.tell import mail_to_write
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@composes("program.notice")
def notice(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """What will be, or that it will not; nothing any more where that has changed meanwhile or is over."""
    cancelled = payload["what"] == "cancelled"
    found = mail_to_write(session, UUID(payload["notice_id"]), UUID(payload["account_id"]), cancelled=cancelled)
    if found is None or found[0].ends_at <= post.now:
        return None
    told, account = found
    zone = post.settings.zone
    return Letter(
        to=account.email or "", to_name=account.full_name, template="emails/notice_staff.txt",
        context={
            "first_name": account.first_name, "title": told.title, "text": told.text, "cancelled": cancelled,
            "downtime": told.kind == "downtime", "read_only": told.read_only,
            "starts": f"{told.starts_at.astimezone(zone):%A, %B %-d, %Y, %-I:%M %p}",
            "ends": f"{told.ends_at.astimezone(zone):%A, %B %-d, %Y, %-I:%M %p}",
            "link": post.url("/"),
        },
    )  # fmt: skip
