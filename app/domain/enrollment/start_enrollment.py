"""An Organization Administrator registers: at any time, without invitation, or invited by the state.

The address is confirmed by a link in a mail before there is an account; the page says the same whether or not
somebody is known under it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.invitations import Invite
from app.domain.accounts.models import Invitation
from app.domain.accounts.names import fold_name
from app.domain.accounts.sessions import load_account
from app.domain.enrollment.fields import HOME_STATE, OF_ENROLLMENT
from app.domain.enrollment.journal import note
from app.domain.enrollment.models import Enrollment
from app.domain.enrollment.people import REALM
from app.domain.enrollment.states import SECTION_A
from app.domain.enrollment.values import clean
from app.domain.errors import NotAllowed
from app.infra.db import one_at_a_time

NOBODY = Actor(kind="link", id=None)


@dataclass(frozen=True, slots=True)
class StartEnrollment:
    """Who will be the Organization Administrator. The address becomes the user name."""

    first_name: str
    last_name: str
    email: str


def start_enrollment(session: Session, command: StartEnrollment, *, now: datetime) -> None:
    """Begin an enrollment and send the link that confirms the address. Raises FieldsRefused.

    Asked again before the link was used, the mail is sent again and nothing else is made.
    """
    answers = _answers(command)
    one_at_a_time(session, f"start {fold_name(answers['administrator_email'])}")
    open_one = session.scalar(
        select(Invitation)
        .where(Invitation.role == Role.ORGANIZATION_ADMINISTRATOR.value, Invitation.invited_by_id.is_(None))
        .where(Invitation.email_folded == fold_name(answers["administrator_email"]))
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .limit(1)
    )
    if open_one is not None:
        invitations.send_invitation_again(session, open_one, now=now)
        return
    _invite(session, NOBODY, _begin(session, NOBODY, answers, now), now)


def invite_organization(session: Session, actor: Actor, command: StartEnrollment, *, now: datetime) -> Enrollment:
    """The state invites an organization: the link in the mail leads to the same enrollment. Raises FieldsRefused."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    enrollment = _begin(session, actor, _answers(command), now)
    _invite(session, actor, enrollment, now)
    return enrollment


def start_another(session: Session, actor: Actor, *, now: datetime) -> Enrollment:
    """Somebody who has an account begins an enrollment in it: the address was confirmed before."""
    account = load_account(session, actor.id) if actor.kind == "person" and actor.id else None
    if account is None:
        raise NotAllowed
    answers = {"administrator_first_name": account.first_name, "administrator_last_name": account.last_name}
    if account.email:
        answers["administrator_email"] = account.email
    enrollment = _begin(session, actor, answers, now)
    invitations.give_role(session, actor, account, Role.ORGANIZATION_ADMINISTRATOR, enrollment.id, now=now)
    return enrollment


def new_code(session: Session) -> str:
    """A code that nobody has: state, six digits, A, as the federal agreement numbers organizations (NC123456A)."""
    while True:
        code = f"{HOME_STATE}{secrets.randbelow(900_000) + 100_000}A"
        if session.scalar(select(Enrollment.id).where(Enrollment.code == code)) is None:
            return code


def _answers(command: StartEnrollment) -> dict[str, str]:
    return clean(
        OF_ENROLLMENT,
        {
            "administrator_first_name": command.first_name,
            "administrator_last_name": command.last_name,
            "administrator_email": command.email,
        },
    )


def _begin(session: Session, actor: Actor, answers: dict[str, str], now: datetime) -> Enrollment:
    enrollment = Enrollment(code=new_code(session), status=SECTION_A, answers=answers, created_at=now, stage_since=now)
    session.add(enrollment)
    session.flush()
    note(session, actor, enrollment, None, "start", now=now, after=SECTION_A)
    return enrollment


def _invite(session: Session, actor: Actor, enrollment: Enrollment, now: datetime) -> None:
    answers = enrollment.answers
    email, first, last = (answers[f"administrator_{part}"] for part in ("email", "first_name", "last_name"))
    offer = Invite(Role.ORGANIZATION_ADMINISTRATOR, enrollment.id, email, first, last, realm=REALM)
    enrollment.administrator_invitation_id = invitations.invite(session, actor, offer, now=now).id
