"""The records that a case is about, with what names them, and the cases that are about a record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.helpdesk.models import Case, CaseRecord
from app.domain.helpdesk.queries import cases_visible_to, is_agent, records_of
from app.domain.providers.models import Location
from app.domain.recipients.models import Listing, Recipient
from app.domain.uploads.models import Upload

MOST = 20


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """A record of a case. `kind`: recipient, location or upload. `name` and `code` tell which one it is.

    `places` are those at which it can be opened: the ids of locations that list the person, or of the upload's place.
    """

    kind: str
    record_id: UUID
    name: str
    code: str = ""
    place_kind: str = ""
    places: tuple[UUID, ...] = ()


def linked_records(session: Session, actor: Actor, case: Case) -> list[LinkedRecord]:
    """The records of a case that the actor has come to through its door, in the order in which they were linked.

    At most five queries, however many there are. A record that was joined with another is named by the one that was kept.
    """
    links = records_of(session, case)
    wanted = {
        kind: [link.record_id for link in links if link.kind == kind] for kind in ("recipient", "location", "upload")
    }
    found: dict[UUID, LinkedRecord] = {}
    if wanted["recipient"]:
        found |= _people(session, actor, wanted["recipient"])
    if wanted["location"]:
        rows = session.scalars(select(Location).where(Location.id.in_(wanted["location"])))
        found |= {row.id: LinkedRecord("location", row.id, row.name, places=(row.id,)) for row in rows}
    if wanted["upload"]:
        uploads = session.scalars(select(Upload).where(Upload.id.in_(wanted["upload"])))
        found |= {
            row.id: LinkedRecord("upload", row.id, row.filename, place_kind=row.scope_kind, places=(row.scope_id,))
            for row in uploads
        }
    return [found[link.record_id] for link in links if link.record_id in found]


def own_cases_about(session: Session, actor: Actor, recipient_ids: Iterable[UUID]) -> list[Case]:
    """What the actor asked about these records of one person, newest first; at most the last MOST."""
    about = select(CaseRecord.case_id).where(
        CaseRecord.kind == "recipient", CaseRecord.record_id.in_(list(recipient_ids))
    )
    own = cases_visible_to(actor).where(Case.requester_id == actor.id, Case.id.in_(about))
    return list(session.scalars(own.order_by(Case.id.desc()).limit(MOST)))


def people_of_cases(session: Session, actor: Actor, cases: Iterable[Case]) -> list[UUID]:
    """The people's records that these cases are about, each once, for agents who found them: one query. Raises NotFound."""
    if not is_agent(actor):
        raise NotFound
    about = select(CaseRecord.record_id).where(
        CaseRecord.kind == "recipient", CaseRecord.case_id.in_([case.id for case in cases])
    )
    return list(session.scalars(about.distinct()))


def _people(session: Session, actor: Actor, ids: list[UUID]) -> dict[UUID, LinkedRecord]:
    people: dict[UUID, Any] = {row.id: row for row in session.scalars(select(Recipient).where(Recipient.id.in_(ids)))}
    kept = {id_: _kept(session, person) for id_, person in people.items()}
    places = _places(session, actor, {person.id for person in kept.values()})
    return {
        id_: LinkedRecord("recipient", person.id, person.full_name, person.code, places=places.get(person.id, ()))
        for id_, person in kept.items()
    }


def _kept(session: Session, person: Recipient) -> Recipient:
    found = person
    while found.merged_into_id is not None:
        following = session.get(Recipient, found.merged_into_id)
        if following is None:
            break
        found = following
    return found


def _places(session: Session, actor: Actor, ids: set[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """The locations among the actor's own that list these people."""
    own = {grant.scope_id for grant in actor.grants if grant.scope_id is not None}
    if not own:
        return {}
    rows = session.execute(
        select(Listing.recipient_id, Listing.scope_id)
        .where(Listing.recipient_id.in_(ids), Listing.scope_kind == "location", Listing.scope_id.in_(own))
        .order_by(Listing.scope_id)
    )
    found: dict[UUID, tuple[UUID, ...]] = {}
    for recipient_id, place in rows:
        found[recipient_id] = (*found.get(recipient_id, ()), place)
    return found
