"""A location's people with how far each has come: registered or not, doses given."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.access import Actor
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.queries import key_after, named, page_by_name, recipients_visible_to
from app.domain.vaccinations.history import doses_by_recipient, is_complete
from app.domain.vaccinations.models import Administration
from app.infra.paging import Slice


@dataclass(frozen=True, slots=True)
class RecipientFilter:
    """What to list. `registered`: only those (not) registered; `doses`: 0, 1, or 2 for two and more."""

    name: str = ""
    registered: bool | None = None
    doses: int | None = None


@dataclass(frozen=True, slots=True)
class ListedRecipient:
    """Somebody in the list; `complete` when the series is finished."""

    recipient: Recipient
    doses: int
    complete: bool


def list_recipients(
    session: Session, actor: Actor, location_id: UUID, wanted: RecipientFilter, *, after: str | None = None,
    size: int = 50,
) -> Slice[ListedRecipient]:  # fmt: skip
    """The location's people by name: three queries, however many there are."""
    query = recipients_visible_to(actor, location_id).add_columns(Listing).where(*named(wanted.name))
    if wanted.registered is not None:
        met = Recipient.registered_at.is_not(None) if wanted.registered else Recipient.registered_at.is_(None)
        query = query.where(met)
    if wanted.doses is not None:
        given = _doses_given()
        query = query.where(given >= 2 if wanted.doses >= 2 else given == wanted.doses)
    rows = session.execute(page_by_name(query, after, size)).all()
    doses = doses_by_recipient(session, [recipient.id for recipient, _ in rows[:size]])
    people = [
        ListedRecipient(recipient, len(doses[recipient.id]), is_complete(doses[recipient.id]))
        for recipient, _ in rows[:size]
    ]
    return Slice(people, key_after([listing for _, listing in rows], size))


def _doses_given() -> ColumnElement[int]:
    """Completed doses of the person on the row, in this record or one merged into it.

    Counted apart: asked with OR, SQLite and PostgreSQL read all recipients for each row.
    """
    merged = aliased(Recipient)
    completed = select(func.count()).select_from(Administration).where(Administration.status == "completed")
    own = completed.where(Administration.recipient_id == Recipient.id)
    theirs = completed.join(merged, merged.id == Administration.recipient_id).where(merged.merged_into_id == Recipient.id)
    return own.correlate(Recipient).scalar_subquery() + theirs.correlate(Recipient).scalar_subquery()
