"""New records of people: many from an upload, or one at the visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.names import fold_name
from app.domain.recipients.errors import LikelyDuplicate
from app.domain.recipients.finding.name_words import add_name_words, later_words
from app.domain.recipients.keys import name_key, new_code, sound_key
from app.domain.recipients.likely import find_likely_duplicates
from app.domain.recipients.matching import Known
from app.domain.recipients.models import BY_MERGE, Listing, Recipient
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.records import records_of
from app.infra import audit
from app.infra.db import new_id, one_at_a_time
from app.infra.search import fold


@dataclass(frozen=True, slots=True)
class RegisterWalkIn:
    """Somebody in no list who stands at the desk. `different_person`: the likely duplicates were looked at."""

    location_id: UUID
    details: RecipientRow
    different_person: bool = False


def register_walk_in(session: Session, actor: Actor, command: RegisterWalkIn, *, now: datetime) -> Recipient:
    """Make the record and list it at the location.

    Raises LikelyDuplicate, unless whoever asks has looked at them and says that it is another person.
    """
    actor.require(Permission.REGISTER_WALK_INS, at=command.location_id)
    one_at_a_time(session, "matching")
    if not command.different_person:
        matches = find_likely_duplicates(session, command.details, today=now.date())
        if matches:
            raise LikelyDuplicate(matches)
    known = create_recipients(session, [command.details], source="walk-in", created_by_id=actor.id, now=now)[0]
    list_at(session, "location", command.location_id, [known], how="walk-in", now=now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.registered", subject_kind="recipient",
        subject_id=known.id, place_id=command.location_id, now=now,
    )  # fmt: skip
    return session.get_one(Recipient, known.id)


def create_recipients(
    session: Session, people: Sequence[RecipientRow], *, source: str, created_by_id: UUID | None, now: datetime,
    organization_id: UUID | None = None,
) -> list[Known]:  # fmt: skip
    """Insert the records in one statement; returns them in the same order. The caller has looked for duplicates."""
    rows = [_values(person, source, created_by_id, organization_id, now) for person in people]
    if rows:
        session.execute(insert(Recipient), rows)
        words = (later_words(row["id"], row["first_folded"], row["last_folded"]) for row in rows)
        add_name_words(session, chain.from_iterable(words))
    return [
        Known(
            row["id"], row["first_name"], row["last_name"], row["birth_date"], row["name_key"], row["sound_key"],
            row["email"] or "", row["phone"], row["zip"],
        )
        for row in rows
    ]  # fmt: skip


def list_at(
    session: Session, scope_kind: str, scope_id: UUID, people: Sequence[Known], *, how: str, now: datetime,
    sent: Sequence[RecipientRow] | None = None,
) -> None:  # fmt: skip
    """Let the place see these people in its list; those who are there already stay as they are.

    `sent` are the rows that they were named by, in the same order: an organization goes on seeing the names that
    it sent, whatever the record says.
    """
    rows: Sequence[RecipientRow | None] = sent or [None] * len(people)
    wanted = {person.kept_id: (person, row) for person, row in zip(people, rows, strict=True)}
    if not wanted:
        return
    # An employer that lists a record joined with this one sees the person already.
    owner = records_of(session, wanted) if scope_kind == "organization" else {one: one for one in wanted}
    listed = select(Listing.recipient_id, Listing.how).where(
        Listing.scope_id == scope_id, Listing.recipient_id.in_(list(owner))
    )
    there = {owner[row.recipient_id]: row.how for row in session.execute(listed)}
    kept = _kept_names(session, wanted)
    by_merge = [recipient_id for recipient_id, why in there.items() if why == BY_MERGE]
    if by_merge:
        session.execute(
            update(Listing)
            .where(Listing.scope_id == scope_id, Listing.recipient_id.in_(by_merge))
            .values(how=how, listed_at=now)
        )
    values = [
        {
            "id": new_id(), "scope_kind": scope_kind, "scope_id": scope_id, "recipient_id": kept_id,
            **_named(kept.get(kept_id, known), row if scope_kind == "organization" else None),
            "external_id": row.external_id if row else "", "how": how, "listed_at": now,
        }
        for kept_id, (known, row) in wanted.items()
        if kept_id not in there
    ]  # fmt: skip
    if values:
        session.execute(insert(Listing), values)


class _Name(Protocol):
    """First and last name, of a record or a row."""

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...


def _kept_names(session: Session, wanted: Mapping[UUID, tuple[Known, object]]) -> dict[UUID, Recipient]:
    """The kept records of those that were found by one joined with it, whose name may be another."""
    ids = [kept_id for kept_id, (known, _) in wanted.items() if known.id != kept_id]
    return {one.id: one for one in session.scalars(select(Recipient).where(Recipient.id.in_(ids)))} if ids else {}


def _named(known: _Name, sent: RecipientRow | None) -> dict[str, str | None]:
    by = sent or known
    differs = (by.first_name, by.last_name) != (known.first_name, known.last_name)
    return {
        "last_folded": fold(by.last_name),
        "first_folded": fold(by.first_name),
        "sent_name": f"{by.first_name} {by.last_name}" if differs else None,
    }


def _values(
    person: RecipientRow, source: str, created_by_id: UUID | None, organization_id: UUID | None, now: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "code": new_code(),
        "first_name": person.first_name,
        "middle_name": person.middle_name,
        "last_name": person.last_name,
        "suffix": person.suffix,
        "first_folded": fold(person.first_name),
        "last_folded": fold(person.last_name),
        "birth_date": person.birth_date,
        "name_key": name_key(person.first_name, person.last_name, person.birth_date),
        "sound_key": sound_key(person.last_name, person.birth_date),
        "email": person.email or None,
        "email_folded": fold_name(person.email) if person.email else None,
        "phone": person.phone,
        "street": person.street,
        "street_2": "",
        "city": person.city,
        "county_fips": person.county_fips,
        "state_abbr": person.state_abbr,
        "zip": person.zip,
        "gender": person.gender,
        "races": list(person.races),
        "ethnicity": person.ethnicity,
        "language": "en",
        "industry": person.industry,
        "organization_id": organization_id,
        "source": source,
        "created_at": now,
        "created_by_id": created_by_id,
        "version": 1,
    }
