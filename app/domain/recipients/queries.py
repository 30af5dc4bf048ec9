"""The doors "listed" (a clinic's people) and "uploaded" (an employer learns little), and how their lists are searched."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.records import kept_record
from app.infra.paging import Slice, pack, unpack
from app.infra.search import fold, starts_with

MOST_WORDS = 6
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class UploadedPerson:
    """All that an employer learns of somebody: first and last name, and whether they have registered.

    Middle name and suffix may have come from elsewhere, and would tell that the person was known before.
    """

    full_name: str
    registered: bool


def recipients_visible_to(actor: Actor, location_id: UUID) -> Select[Recipient]:
    """The one door to a location's people: the kept records in its list. Raises NotFound or NotAllowed without a right.

    A location that listed a record that was joined with another lists the kept one, too (merging.join).
    """
    actor.require(Permission.VIEW_RECIPIENTS, at=location_id)
    here = bindparam(None, location_id, Uuid, literal_execute=True)
    return (
        select(Recipient)
        .join(Listing, Listing.recipient_id == Recipient.id)
        .where(Listing.scope_id == here, Listing.scope_kind == "location", Recipient.merged_into_id.is_(None))
    )


def get_recipient(session: Session, actor: Actor, location_id: UUID, recipient_id: UUID) -> Recipient:
    """Somebody in the location's list; where records were merged, the one that was kept. Raises NotFound."""
    kept = kept_record(session, recipient_id)
    found = kept and session.scalar(recipients_visible_to(actor, location_id).where(Recipient.id == kept.id))
    if found is None:
        actor.require(Permission.VIEW_RECIPIENTS, at=location_id)
        raise NotFound(recipient_id)
    return found


def get_held_against(session: Session, recipient_id: UUID) -> Recipient:
    """The record that a held row looks like, as it was kept. The caller came through the door to the upload and shows few facts."""
    found = kept_record(session, recipient_id)
    if found is None:
        raise NotFound(recipient_id)
    return found


def list_uploaded_people(
    session: Session, actor: Actor, organization_id: UUID, *, name: str = "", after: str | None = None, size: int = 50
) -> Slice[UploadedPerson]:
    """The people an organization had accepted, by name. Raises NotFound or NotAllowed without a right there."""
    actor.require(Permission.VIEW_ORGANIZATION, at=organization_id)
    kept = aliased(Recipient)
    query = (
        select(Recipient, Listing, kept.registered_at)
        .join(Listing, Listing.recipient_id == Recipient.id)
        .join(kept, kept.id == func.coalesce(Recipient.merged_into_id, Recipient.id))
        .where(Listing.scope_id == organization_id, Listing.scope_kind == "organization", *named(name))
    )
    rows = session.execute(page_by_name(query, after, size)).all()
    people = [
        UploadedPerson(
            listing.sent_name or f"{recipient.first_name} {recipient.last_name}", registered_at is not None
        )
        for recipient, listing, registered_at in rows[:size]
    ]
    return Slice(people, key_after([row[1] for row in rows], size))


def named(typed: str) -> list[ColumnElement[bool]]:
    """The condition that first and last name begin as typed, in either order; none when nothing was typed."""
    words = fold(typed).split()[:MOST_WORDS]
    if not words:
        return []
    ways = [starts_with(Listing.last_folded, " ".join(words)), starts_with(Listing.first_folded, " ".join(words))]
    for place in range(1, len(words)):
        left, right = " ".join(words[:place]), " ".join(words[place:])
        for first, last in ((left, right), (right, left)):
            ways.append(and_(starts_with(Listing.last_folded, last), starts_with(Listing.first_folded, first)))
    return [or_(*ways)]


def page_by_name(query: Select[*Columns], after: str | None, size: int) -> Select[*Columns]:
    """One page of a list of people, and one row more that tells whether there is another."""
    key = unpack(after, 3)
    try:
        last, first, seen = (key[0], key[1], UUID(key[2])) if key else ("", "", None)
    except ValueError:
        seen = None
    if seen is not None and "\0" not in last + first:
        later = or_(
            Listing.last_folded > last,
            and_(Listing.last_folded == last, Listing.first_folded > first),
            and_(Listing.last_folded == last, Listing.first_folded == first, Listing.recipient_id > seen),
        )
        query = query.where(Listing.last_folded >= last, later)
    # In the statement itself, as the place is: PostgreSQL would plan a prepared one for any place and any number of rows.
    most = bindparam(None, size + 1, Integer, literal_execute=True)
    return query.order_by(Listing.last_folded, Listing.first_folded, Listing.recipient_id).limit(most)


def key_after(listings: Iterable[Listing], size: int) -> str | None:
    """The key of the page after this one, where one row more than its size was found."""
    found = list(listings)
    if len(found) <= size:
        return None
    end = found[size - 1]
    return pack(end.last_folded, end.first_folded, end.recipient_id)
