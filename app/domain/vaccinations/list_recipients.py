"""A location's people with how far each has come: registered or not, doses given. As a list, and to take along."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.access import Actor, Permission
from app.domain.organizations.models import Organization
from app.domain.organizations.names import names_of_organizations
from app.domain.program.models import Product
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.queries import key_after, named, page_by_name, recipients_visible_to
from app.domain.vaccinations.history import GivenDose, doses_by_recipient, is_complete
from app.domain.vaccinations.models import Administration
from app.infra import audit
from app.infra.paging import Slice
from app.infra.search import fold, starts_with

MOST_EMPLOYERS = 100
CHUNK = 500


@dataclass(frozen=True, slots=True)
class RecipientFilter:
    """What to list. `registered`: only those (not) registered; `doses`: 0, 1, or 2 for two and more.

    `complete`: only those whose series is finished. `employer` is how its name begins. Of `first_day` and `last_day`
    both count: people who got a dose on one of these days, wherever that was.
    """

    name: str = ""
    registered: bool | None = None
    doses: int | None = None
    complete: bool = False
    employer: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ListedRecipient:
    """Somebody in the list; `complete` when the series is finished, `last` the last dose."""

    recipient: Recipient
    doses: int
    complete: bool
    employer: str = ""
    last: GivenDose | None = None


def list_recipients(
    session: Session, actor: Actor, location_id: UUID, wanted: RecipientFilter, *, after: str | None = None,
    size: int = 50,
) -> Slice[ListedRecipient]:  # fmt: skip
    """The location's people by name: four queries, however many there are.

    A page of people whose series is complete may be shorter than `size`: whether it is, the rules of the vaccines say.
    """
    query = recipients_visible_to(actor, location_id).add_columns(Listing).where(*named(wanted.name))
    rows = session.execute(page_by_name(_narrowed(query, wanted), after, size)).all()
    people = _told(session, [recipient for recipient, _ in rows[:size]])
    shown = [one for one in people if one.complete or not wanted.complete]
    return Slice(shown, key_after([listing for _, listing in rows], size))


def export_recipients(
    session: Session, actor: Actor, location_id: UUID, wanted: RecipientFilter, *, chunk: int = CHUNK
) -> Iterator[ListedRecipient]:
    """All of them, for a workbook or CSV: read page by page, so that no export holds everybody in memory.

    Raises NotFound or NotAllowed at once.
    """
    actor.require(Permission.EXPORT_RECIPIENTS, at=location_id)

    def people() -> Iterator[ListedRecipient]:
        after: str | None = None
        while True:
            page = list_recipients(session, actor, location_id, wanted, after=after, size=chunk)
            yield from page.items
            after = page.next_after
            if after is None:
                return

    return people()


def note_export(session: Session, actor: Actor, location_id: UUID, wanted: RecipientFilter, *, now: datetime) -> None:
    """Leave the audit entry of an export: who, of which location, filtered by what. Never a name."""
    filters = [name for name in RecipientFilter.__slots__ if getattr(wanted, name) not in (None, "", False)]
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipients.exported", subject_kind="location",
        subject_id=location_id, place_id=location_id, now=now, filters=filters,
    )  # fmt: skip


def _narrowed(query: Select[Recipient, Listing], wanted: RecipientFilter) -> Select[Recipient, Listing]:
    if wanted.registered is not None:
        met = Recipient.registered_at.is_not(None) if wanted.registered else Recipient.registered_at.is_(None)
        query = query.where(met)
    if wanted.doses is not None:
        given = _doses_given()
        query = query.where(given >= 2 if wanted.doses >= 2 else given == wanted.doses)
    if wanted.complete:
        one_is_enough = Administration.product_id.in_(select(Product.id).where(Product.doses_in_series == 1))
        query = query.where(or_(_doses_given() >= 2, _doses_given(one_is_enough) >= 1))
    if wanted.first_day or wanted.last_day:
        query = query.where(_doses_given(*_days(wanted)) >= 1)
    if fold(wanted.employer):
        query = query.where(Recipient.organization_id.in_(_employers(wanted.employer)))
    return query


def _days(wanted: RecipientFilter) -> list[ColumnElement[bool]]:
    since = [Administration.given_on >= wanted.first_day] if wanted.first_day else []
    return since + ([Administration.given_on <= wanted.last_day] if wanted.last_day else [])


def _employers(typed: str) -> Select[UUID]:
    begins = starts_with(Organization.name_folded, fold(typed))
    return select(Organization.id).where(begins).order_by(Organization.name_folded).limit(MOST_EMPLOYERS)


def _told(session: Session, people: Sequence[Recipient]) -> list[ListedRecipient]:
    doses = doses_by_recipient(session, [person.id for person in people])
    employers = names_of_organizations(session, {person.organization_id for person in people})
    return [
        ListedRecipient(
            person, len(doses[person.id]), is_complete(doses[person.id]), employers.get(person.organization_id, ""),
            doses[person.id][-1] if doses[person.id] else None,
        )
        for person in people
    ]  # fmt: skip


def _doses_given(*such: ColumnElement[bool]) -> ColumnElement[int]:
    """Completed doses (of such a kind) of the person on the row, in this record or one merged into it.

    Counted apart: asked with OR, SQLite and PostgreSQL read all recipients for each row.
    """
    merged = aliased(Recipient)
    completed = select(func.count()).select_from(Administration).where(Administration.status == "completed", *such)
    own = completed.where(Administration.recipient_id == Recipient.id)
    theirs = completed.join(merged, merged.id == Administration.recipient_id).where(merged.merged_into_id == Recipient.id)
    return own.correlate(Recipient).scalar_subquery() + theirs.correlate(Recipient).scalar_subquery()
