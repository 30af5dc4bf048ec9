"""What was joined with whom, for staff who may join people."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.errors import NotFound
from app.domain.recipients.merging.models import Merge
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import one_person
from app.infra.paging import Slice, pack, unpack


@dataclass(frozen=True, slots=True)
class ToldMerge:
    """A joining with both records and the names of who did it and who undid it ("" where nobody signed in).

    `fields` are the columns that were taken over from the other record.
    """

    merge: Merge
    kept: Recipient
    other: Recipient
    merged_by: str
    undone_by: str

    @property
    def people(self) -> tuple[Recipient, ...]:
        """The person of both records; two people once it was undone."""
        return (self.kept, self.other) if self.merge.undone_at else (self.kept,)

    @property
    def can_be_undone(self) -> bool:
        """False once undone, and while the kept record is itself joined with another: that is undone first."""
        return self.merge.undone_at is None and self.kept.merged_into_id is None


def merges_visible_to(actor: Actor) -> Select[Merge, Recipient, Recipient, Account, Account]:
    """The one door to joinings. Raises NotFound, NotAllowed."""
    actor.require(Permission.MERGE_PEOPLE, at=None)
    kept, other, by, undone_by = aliased(Recipient), aliased(Recipient), aliased(Account), aliased(Account)
    return (
        select(Merge, kept, other, by, undone_by)
        .join(kept, kept.id == Merge.kept_id)
        .join(other, other.id == Merge.other_id)
        .outerjoin(by, by.id == Merge.merged_by_id)
        .outerjoin(undone_by, undone_by.id == Merge.undone_by_id)
    )


def get_merge(session: Session, actor: Actor, merge_id: UUID) -> ToldMerge:
    """One joining. Raises NotFound, NotAllowed."""
    row = session.execute(merges_visible_to(actor).where(Merge.id == merge_id)).first()
    if row is None:
        raise NotFound(merge_id)
    return _told(*row)


def merges_of(session: Session, actor: Actor, recipient_id: UUID) -> list[ToldMerge]:
    """All joinings of a person's records, undone ones too, newest first."""
    records = list(session.scalars(one_person(recipient_id)))
    query = merges_visible_to(actor).where(or_(Merge.kept_id.in_(records), Merge.other_id.in_(records)))
    return [_told(*row) for row in session.execute(query.order_by(Merge.id.desc()).limit(100))]


def list_merges(session: Session, actor: Actor, *, after: str | None = None, size: int = 25) -> Slice[ToldMerge]:
    """Everything that was joined, newest first, a page at a time: one query."""
    query, key = merges_visible_to(actor), unpack(after, 1)
    try:
        query = query.where(Merge.id < UUID(key[0])) if key else query
    except ValueError:
        query = merges_visible_to(actor)
    rows = session.execute(query.order_by(Merge.id.desc()).limit(size + 1)).all()
    found = [_told(*row) for row in rows[:size]]
    return Slice(found, pack(found[-1].merge.id) if len(rows) > size else None)


def _told(merge: Merge, kept: Recipient, other: Recipient, by: Account | None, undone_by: Account | None) -> ToldMerge:
    return ToldMerge(merge, kept, other, by.full_name if by else "", undone_by.full_name if undone_by else "")
