"""Mails about stock: transfers, recalls, the day's warnings. To recipients only that there is news, never what."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import system
from app.domain.accounts.sessions import load_account
from app.domain.inventory.recall import get_recall
from app.domain.inventory.warnings import warnings_of
from app.domain.providers.queries import name_of_location
from app.domain.recipients.closing.close_record import may_be_mailed
from app.domain.transfers.overdue import too_long_on_the_way
from app.domain.transfers.queries import get_transfer
from app.domain.vaccinations.recalled_people import person_to_tell
from app.infra import clock
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_US = system("mail")


@composes("transfers.moved")
def transfer_moved(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """To the managers of both sides, at every step."""
    account = load_account(session, UUID(payload["account_id"]))
    if account is None or not account.email:
        return None
    transfer = get_transfer(session, _US, UUID(payload["transfer_id"]))
    return Letter(
        to=account.email, to_name=account.full_name, template="emails/transfer_moved.txt",
        context={
            "act": payload["act"], "transfer": transfer,
            "link": post.url(f"/provider/{payload['place_id']}/transfers/{transfer.id}"),
        },
        language=account.language,
    )  # fmt: skip


@composes("inventory.recalled")
def lot_recalled(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """To the managers of every location that has or had it."""
    account = load_account(session, UUID(payload["account_id"]))
    recall = get_recall(session, _US, UUID(payload["recall_id"]))
    if account is None or not account.email or recall.lifted_at is not None:
        return None
    return Letter(
        to=account.email, to_name=account.full_name, template="emails/vaccine_recalled.txt",
        context={"recall": recall, "link": post.url(f"/provider/{payload['place_id']}/inventory")}, language=account.language,
    )  # fmt: skip


@composes("vaccinations.recalled")
def recipient_told(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """To whoever got a dose: there is an important message. What it is about is behind the sign-in."""
    recipient = person_to_tell(session, UUID(payload["recipient_id"]))
    if recipient is None or not recipient.email or not may_be_mailed(session, recipient.id):
        return None
    return Letter(
        to=recipient.email, to_name=recipient.full_name, template="emails/important_message.txt",
        context={"first_name": recipient.first_name, "link": post.url(f"/recipient/{recipient.id}")},
        language="es" if recipient.language == "es" else "en",
    )  # fmt: skip


@composes("inventory.warnings")
def stock_warnings(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """The warnings that hold when it is sent; none when everything was put right meanwhile."""
    account, place = load_account(session, UUID(payload["account_id"])), UUID(payload["location_id"])
    if account is None or not account.email:
        return None
    today = clock.local_date(post.now, post.settings.zone)
    found = warnings_of(session, _US, place, today=today, now=post.now)
    late = too_long_on_the_way(session, _US, now=post.now, location_id=place)
    if not found and not late:
        return None
    return Letter(
        to=account.email, to_name=account.full_name, template="emails/stock_warnings.txt",
        context={
            "location": name_of_location(session, place), "warnings": found, "late": late,
            "link": post.url(f"/provider/{place}/inventory"),
        },
        language=account.language,
    )  # fmt: skip
