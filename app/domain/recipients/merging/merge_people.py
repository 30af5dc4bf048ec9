"""Use case: staff of the state say that two records are of one person, and which details are right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account, Grant
from app.domain.errors import NotFound
from app.domain.recipients.closing.close_record import closure_of
from app.domain.recipients.closing.models import RecordClosure
from app.domain.recipients.likely import as_on_record
from app.domain.recipients.likeness import likeness
from app.domain.recipients.merging.errors import ChangedSince, ChoiceMissing, SamePerson
from app.domain.recipients.merging.fields import KEPT, OTHER, Choice, choices_between, must_choose
from app.domain.recipients.merging.join import Decided, join_records, own_grants
from app.domain.recipients.merging.models import Merge
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import kept_record, records_of
from app.infra.db import one_at_a_time


@dataclass(frozen=True, slots=True)
class MergePeople:
    """`kept_id` is the record that goes on. `chosen`: for each detail that both tell, KEPT or OTHER.

    `account`: which side's account stays able to sign in, where both have one. `died`: whether a death that is on
    record of one of them only is true. `versions` are those of both records as they were looked at.
    """

    kept_id: UUID
    other_id: UUID
    versions: tuple[int, int]
    chosen: Mapping[str, str] = field(default_factory=dict)
    account: Literal["", "kept", "other"] = ""
    died: bool | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Two records side by side: what differs, and what must be decided. Accounts are the live ones of each side.

    `closure`: the death that is on record of one side only.
    """

    kept: Recipient
    other: Recipient
    choices: list[Choice]
    asked: frozenset[str]
    accounts: tuple[list[tuple[Grant, Account]], list[tuple[Grant, Account]]]
    closures: tuple[RecordClosure | None, RecordClosure | None]

    @property
    def agreement(self) -> dict[str, str]:
        """How each thing that both tell agrees, as in a ClosePair."""
        left, right = as_on_record(self.kept), as_on_record(self.other)
        return likeness(left, right, today=self.kept.created_at.date())[1]

    @property
    def two_accounts(self) -> bool:
        """True where different accounts open the two records."""
        mine, theirs = ({account.id for _grant, account in side} for side in self.accounts)
        return bool(mine and theirs) and mine != theirs

    @property
    def one_died(self) -> bool:
        """True where one is on record as dead, and the other is not."""
        return (self.closures[0] is None) != (self.closures[1] is None)


def lay_beside(session: Session, actor: Actor, one_id: UUID, other_id: UUID) -> Beside:
    """Two people to be compared and joined. The record that goes on is the one somebody registered with, else the older.

    Raises SamePerson, NotFound, NotAllowed.
    """
    actor.require(Permission.MERGE_PEOPLE, at=None)
    one, other = kept_record(session, one_id), kept_record(session, other_id)
    if one is None or other is None:
        raise NotFound
    if one.id == other.id:
        raise SamePerson(one.id)
    kept, other = sorted((one, other), key=lambda record: (record.registered_at is None, record.id))
    return _beside(session, kept, other)


def merge_people(session: Session, actor: Actor, command: MergePeople, *, today: date, now: datetime) -> Merge:
    """Join them. Raises ChoiceMissing, ChangedSince, SamePerson, NotFound, NotAllowed."""
    actor.require(Permission.MERGE_PEOPLE, at=None)
    one_at_a_time(session, "matching")
    records = [session.get(Recipient, id_, populate_existing=True) for id_ in (command.kept_id, command.other_id)]
    kept, other = records
    if kept is None or other is None:
        raise NotFound
    if kept.id == other.id or kept.merged_into_id is not None or other.merged_into_id is not None:
        raise SamePerson(other.id)
    if (kept.version, other.version) != command.versions:
        raise ChangedSince(other.id)
    found = _beside(session, kept, other)
    _refuse_unanswered(found, command)
    without: frozenset[UUID] = frozenset()
    if found.two_accounts:
        loses = found.accounts[1 if command.account == KEPT else 0]
        stays = {account.id for _grant, account in found.accounts[0 if command.account == KEPT else 1]}
        without = frozenset(grant.id for grant, account in loses if account.id not in stays)
    decided = Decided("staff", command.chosen, without, lives=found.one_died and command.died is False)
    return join_records(session, actor, kept, other, decided, today=today, now=now)


def _refuse_unanswered(found: Beside, command: MergePeople) -> None:
    missing = [name for name in sorted(found.asked) if command.chosen.get(name) not in (KEPT, OTHER)]
    if found.two_accounts and command.account not in (KEPT, OTHER):
        missing.append("account")
    if found.one_died and command.died is None:
        missing.append("died")
    if missing:
        raise ChoiceMissing(tuple(missing))


def _beside(session: Session, kept: Recipient, other: Recipient) -> Beside:
    owner = records_of(session, [kept.id, other.id])
    grants = own_grants(session, list(owner))
    mine, theirs = (
        [(grant, account) for grant, account in grants if grant.scope_id and owner[grant.scope_id] == record.id]
        for record in (kept, other)
    )
    return Beside(
        kept, other, choices_between(kept, other), frozenset(choice.name for choice in must_choose(kept, other)),
        (mine, theirs), (closure_of(session, kept.id), closure_of(session, other.id)),
    )  # fmt: skip
