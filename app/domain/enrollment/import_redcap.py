"""Enrollments that were collected in REDCap before there was a portal become enrollments here.

What the state had approved is approved and gets its location; what it had denied is denied; the rest is a draft that its
people finish here. The paper signatures stay on paper: what changes later is signed here. Run again, it takes what came
new and leaves alone what is there, since its people may have gone on with it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Role, system
from app.domain.accounts.invitations import Invite
from app.domain.enrollment import fields, states
from app.domain.enrollment.add_location import make_location, next_number
from app.domain.enrollment.approve import own_answers, place_of
from app.domain.enrollment.dossier import Dossier, load_dossier
from app.domain.enrollment.duties import missing_in_section_a
from app.domain.enrollment.journal import note
from app.domain.enrollment.models import EnrolledLocation, Enrollment, StorageUnit
from app.domain.enrollment.people import REALM, name_coordinators
from app.domain.enrollment.practicing_providers import make_provider
from app.domain.enrollment.redcap_rows import RedcapExport, RedcapLocation, RedcapOrganization
from app.domain.enrollment.start_enrollment import new_code
from app.domain.providers.add_location import PinTaken, open_location, suggest_pin
from app.domain.providers.models import ProviderOrganization
from app.infra.db import Database

Fate = Literal["added", "present", "later"]
_SOURCE = "redcap:"
_STATUS = {"approved": states.APPROVED, "denied": states.DENIED}
_OPEN = frozenset({states.SECTION_A, states.LOCATIONS, states.UPDATING, states.APPROVED, states.DENIED})
_LONGEST_KEY = 70


@dataclass(frozen=True, slots=True)
class ImportedLocation:
    """What became of one record: its first row in the file, its number there, its fate, its code and state here.

    "later": the state is looking at the organization's application, to which a location cannot be added now.
    """

    row: int
    record_id: str
    fate: Fate
    code: str
    status: str


def import_redcap(
    database: Database, export: RedcapExport, *, now: datetime, with_mail: bool = False
) -> list[ImportedLocation]:
    """Take an export, one transaction for each organization, so that a run that was cut off is simply run again.

    `with_mail`: administrators, and the coordinators of all who are past Section A, are invited now.
    """
    done: list[ImportedLocation] = []
    for organization in export.organizations:
        with database.transaction() as session:
            done += import_organization(session, organization, now=now, with_mail=with_mail)
    return sorted(done, key=lambda one: one.row)


def import_organization(
    session: Session, organization: RedcapOrganization, *, now: datetime, with_mail: bool
) -> list[ImportedLocation]:
    """Take one organization with the locations that are not there yet."""
    actor = system("import-redcap")
    enrollment = session.scalar(select(Enrollment).where(Enrollment.imported_from == _key(organization.key)))
    is_new = enrollment is None
    enrollment = enrollment or _make_enrollment(session, organization, now)
    known = _known(session, organization)
    done = []
    for record in organization.locations:
        location = known.get(_key(record.record_id))
        fate: Fate = "present" if location else "added" if enrollment.status in _OPEN else "later"
        if fate == "added":
            location = _make_location(session, actor, enrollment, record, now)
        code, status = (location.code, location.status) if location else ("", "")
        done.append(ImportedLocation(record.row, record.record_id, fate, code, status))
    if any(one.fate == "added" for one in done):
        before = enrollment.status
        _settle(enrollment, load_dossier(session, enrollment), organization, now)
        note(session, actor, enrollment, None, "import", now=now, before=before, after=enrollment.status)
        if with_mail:
            _invite(session, actor, enrollment, is_new, now)
    return done


def _make_enrollment(session: Session, organization: RedcapOrganization, now: datetime) -> Enrollment:
    made = Enrollment(
        code=new_code(session), status=states.SECTION_A, answers=dict(organization.answers), created_at=now,
        stage_since=now, imported_from=_key(organization.key),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _make_location(
    session: Session, actor: Actor, enrollment: Enrollment, record: RedcapLocation, now: datetime
) -> EnrolledLocation:
    answers = {"state": fields.HOME_STATE, **record.answers}
    location = make_location(session, enrollment, answers, next_number(session, enrollment), now)
    location.imported_from = _key(record.record_id)
    location.status = _STATUS.get(record.decision, states.DRAFT)
    location.decided_at = _moment(record.decided_on) if record.decision in _STATUS else None
    session.flush()
    approved = location.status == states.APPROVED
    for unit in record.units:
        values = {name: unit.get(name, "") for name in ("brand", "model", "kind")}
        session.add(StorageUnit(enrolled_location_id=location.id, **values, approved=approved, added_at=now))
    for provider in record.providers:
        blank = {"first_name": "", "title": "other"}
        made = make_provider(location.id, {**blank, **provider}, now)
        made.approved = approved
        session.add(made)
    if approved:
        location.approved = own_answers(answers)
        _open(session, actor, enrollment, location, now)
    note(session, actor, enrollment, location, "import", now=now, after=location.status)
    return location


def _open(session: Session, actor: Actor, enrollment: Enrollment, location: EnrolledLocation, now: datetime) -> None:
    """The location of the Provider Portal, under the PIN it has had, or the next one where there is none."""
    if enrollment.provider_organization_id is None:
        parent = ProviderOrganization(name=enrollment.name, created_at=now)
        session.add(parent)
        session.flush()
        enrollment.provider_organization_id = parent.id
    parent = session.get_one(ProviderOrganization, enrollment.provider_organization_id)
    found = re.search(r"(\d{6})$", location.answers.get("official_vfc_pin", ""))
    pins = [*([found[1]] if found else []), ""]
    for pin in pins:
        try:
            place = place_of(enrollment, location, pin or suggest_pin(session))
            location.location_id = open_location(session, actor, parent, place, now=now).id
            return
        except PinTaken:
            continue


def _settle(enrollment: Enrollment, dossier: Dossier, organization: RedcapOrganization, now: datetime) -> None:
    """The stage follows from the locations: an approved organization with open locations is under an update. An update
    that its people are writing goes on.
    """
    stati = {location.status for location in dossier.locations}
    if states.APPROVED in stati:
        enrollment.approved = enrollment.approved or own_answers(enrollment.answers)
        if enrollment.status != states.UPDATING:
            enrollment.section_a_done = not missing_in_section_a(dossier)
            open_ones = stati - {states.APPROVED, states.DENIED, states.DISENROLLED}
            enrollment.status = states.UPDATING if open_ones else states.APPROVED
    elif stati == {states.DENIED}:
        enrollment.status = states.DENIED
    elif enrollment.status == states.SECTION_A and not missing_in_section_a(dossier):
        enrollment.section_a_done, enrollment.status = True, states.LOCATIONS
    enrollment.stage_since = now
    submitted = [_moment(one.submitted_on) for one in organization.locations if one.submitted_on]
    decided = [one.decided_at for one in dossier.locations if one.decided_at]
    enrollment.submitted_at = max((one for one in submitted if one), default=enrollment.submitted_at)
    enrollment.decided_at = max(decided, default=enrollment.decided_at)


def _invite(session: Session, actor: Actor, enrollment: Enrollment, is_new: bool, now: datetime) -> None:
    answers = enrollment.answers
    email, first, last = (answers.get(f"administrator_{part}", "") for part in ("email", "first_name", "last_name"))
    if is_new and email:
        offer = Invite(Role.ORGANIZATION_ADMINISTRATOR, enrollment.id, email, first, last, realm=REALM)
        enrollment.administrator_invitation_id = invitations.invite(session, actor, offer, now=now).id
    if enrollment.status not in {states.SECTION_A, states.DENIED}:
        name_coordinators(session, actor, enrollment, load_dossier(session, enrollment).covered, now=now)


def _known(session: Session, organization: RedcapOrganization) -> dict[str | None, EnrolledLocation]:
    keys = [_key(record.record_id) for record in organization.locations]
    found: dict[str | None, EnrolledLocation] = {}
    for start in range(0, len(keys), 500):
        query = select(EnrolledLocation).where(EnrolledLocation.imported_from.in_(keys[start : start + 500]))
        found |= {location.imported_from: location for location in session.scalars(query)}
    return found


def _key(key: str) -> str:
    return f"{_SOURCE}{key[:_LONGEST_KEY]}"


def _moment(day: date | None) -> datetime | None:
    """Noon of a day: REDCap kept no time."""
    return datetime.combine(day, time(12), tzinfo=UTC) if day else None
