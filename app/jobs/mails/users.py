"""The mail to a user who may work at one more location."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import Role
from app.domain.accounts.invitations import sign_in_name_of
from app.domain.accounts.sessions import load_account
from app.domain.providers.queries import name_of_location
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@composes("providers.location_granted")
def location_granted(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """Where, as what, and that the user name stays the same. None when it was taken back meanwhile."""
    account = load_account(session, UUID(payload["account_id"]))
    place = UUID(payload["location_id"])
    live = account is not None and any(grant.scope_id == place and grant.ended_at is None for grant in account.grants)
    if account is None or not account.email or not live:
        return None
    return Letter(
        to=account.email, to_name=account.full_name, template="emails/location_granted.txt",
        context={
            "place": name_of_location(session, place), "is_manager": payload["role"] == Role.LOCATION_MANAGER.value,
            "name": sign_in_name_of(account, "provider"), "link": post.url(f"/provider/{place}/clinic"),
        },
        language=account.language,
    )  # fmt: skip
