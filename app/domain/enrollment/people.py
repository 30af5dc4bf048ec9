"""Who is asked to do something: Vaccine Coordinators when they are named, officers when signatures are due.

Back-up coordinators are recorded and never asked. Somebody who has an account under the same address and name gets the
role in that account and a mail that says so; everybody else is invited, with one mail however many locations.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Role
from app.domain.accounts.end_role import end_role
from app.domain.accounts.invitations import Invite
from app.domain.accounts.models import Account, Grant, Invitation
from app.domain.accounts.names import fold_name
from app.domain.enrollment.access import OFFICERS
from app.domain.enrollment.fields import Answers
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.states import SIGNATURES
from app.infra import outbox

REALM = "enrollment"


def name_coordinators(
    session: Session, actor: Actor, enrollment: Enrollment, locations: Sequence[EnrolledLocation], *, now: datetime
) -> None:
    """Ask the Vaccine Coordinators of locations where nobody was asked yet. One mail for each person."""
    asked = _held_places(session, [location.id for location in locations])
    mailed: set[tuple[str, str]] = set()
    invited: list[Invitation] = []
    for location in locations:
        if location.coordinator_invitation_id or location.id in asked or not location.coordinator_email:
            continue
        person = (fold_name(location.coordinator_email), fold_name(location.coordinator_name))
        made = _name_coordinator(session, actor, enrollment, location, now, with_mail=person not in mailed)
        if made is not None and person not in mailed:
            invited.append(made)
        mailed.add(person)
        location.awaited_since, location.reminded = now, 0
    invitations.mail_invitations(session, invited, now=now)


def _name_coordinator(
    session: Session,
    actor: Actor,
    enrollment: Enrollment,
    location: EnrolledLocation,
    now: datetime,
    *,
    with_mail: bool,
) -> Invitation | None:
    """Give the role, or make the invitation that is still to be mailed."""
    person = (location.coordinator_email, location.coordinator_first_name, location.coordinator_last_name)
    account = invitations.account_of_person(session, REALM, *person)
    if account is None:
        offer = Invite(Role.VACCINE_COORDINATOR, location.id, *person, realm=REALM)
        made = invitations.invite(session, actor, offer, now=now, with_mail=False)
        location.coordinator_invitation_id = made.id
        return made
    invitations.give_role(session, actor, account, Role.VACCINE_COORDINATOR, location.id, now=now)
    if with_mail:
        tell(session, "enrollment.section_b_asked", enrollment, to="coordinator", now=now, location=location)
    return None


def follow_coordinator(
    session: Session,
    actor: Actor,
    enrollment: Enrollment,
    location: EnrolledLocation,
    before: Answers,
    *,
    now: datetime,
) -> bool:
    """After the coordinator's details changed: somebody else takes over, or the open invitation is corrected.

    True when it is somebody else: the earlier invitation and role have ended, and nobody is asked yet.
    """
    if not before.get("coordinator_email"):
        return False
    if _same_person(before, location.answers, "coordinator_"):
        _correct(session, location.coordinator_invitation_id, location.answers, "coordinator_")
        return False
    end_role(session, actor, Role.VACCINE_COORDINATOR, location.id, now=now)
    location.coordinator_invitation_id = None
    return True


def follow_officers(session: Session, actor: Actor, enrollment: Enrollment, before: Answers, *, now: datetime) -> None:
    """After Section A changed: the role of an officer who is not one any more ends."""
    for capacity, role in OFFICERS.items():
        prefix = f"officer_{capacity}_"
        if not before.get(f"{prefix}email"):
            continue
        invitation_id = getattr(enrollment, f"{capacity}_invitation_id")
        if _same_person(before, enrollment.answers, prefix):
            _correct(session, invitation_id, enrollment.answers, prefix)
        else:
            end_role(session, actor, role, enrollment.id, now=now)
            setattr(enrollment, f"{capacity}_invitation_id", None)
            if enrollment.status == SIGNATURES:
                enrollment.stage_since = now
                setattr(enrollment, f"reminded_{capacity}", 0)


def ask_officers(
    session: Session, actor: Actor, enrollment: Enrollment, wanted: set[str], *, now: datetime, again: set[str]
) -> None:
    """Ask officers ("ceo", "cmo") for their signatures; those who were asked before only if they are in `again`."""
    mailed: set[Account] = set()
    invited: set[tuple[str, str]] = set()
    for capacity, role in OFFICERS.items():
        if capacity not in wanted:
            continue
        held = invitations.holders(session, role, enrollment.id)
        known = session.get(Account, held[0].account_id) if held else None
        if known is None:
            known = _let_in(session, actor, enrollment, capacity, now, invited)
        elif capacity not in again:
            continue
        if known is not None and known not in mailed:
            mailed.add(known)
            tell(session, "enrollment.signature_asked", enrollment, to=capacity, now=now)


def _let_in(
    session: Session, actor: Actor, enrollment: Enrollment, capacity: str, now: datetime, mailed: set[tuple[str, str]]
) -> Account | None:
    """The account that has the officer's role from now on; None when the person is (or was) invited instead."""
    answers, role = enrollment.answers, OFFICERS[capacity]
    email, first, last = (
        answers.get(f"officer_{capacity}_{part}", "") for part in ("email", "first_name", "last_name")
    )
    account = invitations.account_of_person(session, REALM, email, first, last)
    if account is not None:
        invitations.give_role(session, actor, account, role, enrollment.id, now=now)
        return account
    if getattr(enrollment, f"{capacity}_invitation_id") is None:
        person = (fold_name(email), fold_name(f"{first} {last}"))
        offer = Invite(role, enrollment.id, email, first, last, realm=REALM)
        made = invitations.invite(session, actor, offer, now=now, with_mail=person not in mailed)
        setattr(enrollment, f"{capacity}_invitation_id", made.id)
        mailed.add(person)
    return None


def tell(
    session: Session, kind: str, enrollment: Enrollment, *, to: str, now: datetime,
    location: EnrolledLocation | None = None, **more: str,
) -> None:  # fmt: skip
    """Have a mail written about the enrollment, or about one location of it.

    `to`: administrator, coordinator (of the location), ceo or cmo; whoever that is when the mail is written.
    """
    ids = {"enrollment_id": str(enrollment.id), "to": to}
    if location is not None:
        ids["enrolled_location_id"] = str(location.id)
    outbox.publish(session, kind, now=now, about=enrollment.id, **ids, **more)


def _held_places(session: Session, location_ids: list[UUID]) -> set[UUID | None]:
    query = select(Grant.scope_id).where(
        Grant.role == Role.VACCINE_COORDINATOR.value, Grant.scope_id.in_(location_ids), Grant.ended_at.is_(None)
    )
    return set(session.scalars(query))


def _same_person(before: Answers, after: Answers, prefix: str) -> bool:
    """The same mailbox, and at least one of the two names: a corrected spelling is nobody new."""
    if fold_name(before.get(f"{prefix}email", "")) != fold_name(after.get(f"{prefix}email", "")):
        return False
    return any(
        invitations.same_name(before.get(prefix + part, ""), after.get(prefix + part, ""))
        for part in ("first_name", "last_name")
    )


def _correct(session: Session, invitation_id: UUID | None, answers: Answers, prefix: str) -> None:
    """An open invitation follows the spelling of the name."""
    invitation = session.get(Invitation, invitation_id) if invitation_id else None
    if invitation is not None and invitation.accepted_at is None:
        invitation.first_name = answers.get(f"{prefix}first_name", "")
        invitation.last_name = answers.get(f"{prefix}last_name", "")
