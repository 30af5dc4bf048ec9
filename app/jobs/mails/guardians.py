"""The mail to a guardian whose right to act has ended because the dependant is of age. It names nobody else."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.recipients.guardians.hand_over import guardian_to_tell
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@composes("recipients.handed_over")
def handed_over(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """From now on the person acts alone, and gets an account of their own."""
    account = guardian_to_tell(session, UUID(payload["guardianship_id"]))
    if account is None or not account.email:
        return None
    return Letter(
        to=account.email, to_name=account.full_name, template="emails/handed_over.txt",
        context={"first_name": account.first_name, "link": post.url("/account/sign-in/recipient")},
        language=account.language,
    )  # fmt: skip
