"""The mail that tells the end of an upload: counts and a link, nobody's name."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.sessions import load_account
from app.domain.helpdesk.run_workbook import case_of_upload
from app.domain.uploads.uploads import find_upload
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PORTALS = {"location": "provider", "organization": "organization"}


@composes("uploads.finished")
def upload_finished(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """To whoever sent the file."""
    upload = find_upload(session, UUID(payload["upload_id"]))
    sender = load_account(session, upload.sent_by_id) if upload else None
    if upload is None or sender is None or not sender.email:
        return None
    number = case_of_upload(session, upload.id)
    page = f"/{PORTALS[upload.scope_kind]}/{upload.scope_id}/uploads/{upload.id}"
    return Letter(
        to=sender.email, to_name=sender.full_name, template="emails/upload_finished.txt",
        context={"upload": upload, "link": post.url(f"/help/desk/cases/{number}" if number else page)},
        language=sender.language, audience="" if number else PORTALS[upload.scope_kind],
    )  # fmt: skip
