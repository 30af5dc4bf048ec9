"""One user as the state sees them: user names, roles now and before, browsers, tries to sign in, invitations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts import attempts
from app.domain.accounts.access import Actor, Role
from app.domain.accounts.models import Account, Grant, Invitation, SignInName, SignInSession
from app.domain.accounts.sessions import PER_NAME, WINDOW
from app.domain.errors import NotFound
from app.domain.oversight.find_users import Status, status_of, users_visible_to
from app.domain.oversight.places import names_of_places
from app.domain.oversight.rights import may_take
from app.infra.outbox import OutboxMessage

MOST_BEFORE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """One role, held or ended. `by` and `ended_by` are names; "" for the system, an invitation's own answer, or nobody."""

    id: UUID
    role: Role
    place: str
    since: datetime
    by: str
    until: datetime | None
    ended_at: datetime | None
    ended_by: str
    ended_because: str
    may_end: bool

    @property
    def last_moment(self) -> datetime | None:
        """The last one at which it holds, on its last day."""
        return self.until - timedelta(seconds=1) if self.until else None


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation to this person's mailbox that nobody answered yet. `in_trouble`: its mail did not arrive."""

    id: UUID
    role: Role
    place: str
    email: str
    since: datetime
    in_trouble: bool


@dataclass(frozen=True, slots=True)
class UserPage:
    """Everything about one user. `missed` are failed tries to sign in during the last quarter of an hour, by user name."""

    account: Account
    names: list[SignInName]
    status: Status
    held: list[Held]
    before: list[Held]
    sessions: list[SignInSession]
    last_sign_in: datetime | None
    missed: dict[UUID, int]
    invitations: list[OpenInvitation]

    @property
    def is_locked(self) -> bool:
        """True where a user name has no try left for now."""
        return any(count >= PER_NAME for count in self.missed.values())


def get_user(session: Session, actor: Actor, account_id: UUID) -> Account:
    """One account, open or closed. Raises NotFound, NotAllowed."""
    found = session.scalar(users_visible_to(actor).where(Account.id == account_id))
    if found is None:
        raise NotFound(account_id)
    return found


def user_page(session: Session, actor: Actor, account_id: UUID, *, idle: timedelta, now: datetime) -> UserPage:
    """The page of one user in nine queries. `idle`: after how long an unused browser is signed out.

    Raises NotFound, NotAllowed.
    """
    account = get_user(session, actor, account_id)
    names = list(
        session.scalars(select(SignInName).where(SignInName.account_id == account_id).order_by(SignInName.id))
    )
    grants = list(session.scalars(select(Grant).where(Grant.account_id == account_id).order_by(Grant.id.desc())))
    invited = _invitations(session, account)
    scopes = [grant.scope_id for grant in grants] + [offer.scope_id for offer, _ in invited]
    places = names_of_places(session, scopes)
    people = _names(session, grants)
    held = [_held(grant, actor, account, places, people) for grant in grants]
    last = session.scalar(select(func.max(SignInSession.started_at)).where(SignInSession.account_id == account_id))
    return UserPage(
        account=account, names=names, status=status_of(account, last),
        held=[one for one in held if one.ended_at is None and (one.until is None or now < one.until)],
        before=[one for one in held if one.ended_at or (one.until is not None and one.until <= now)][:MOST_BEFORE],
        sessions=_sessions(session, account_id, since=now - idle), last_sign_in=last,
        missed=_missed(session, names, now),
        invitations=[
            OpenInvitation(
                one.id, Role(one.role), places.get(one.scope_id, "") if one.scope_id else "", one.email, one.created_at,
                trouble,
            )
            for one, trouble in invited
        ],
    )  # fmt: skip


def _held(
    grant: Grant, actor: Actor, account: Account, places: dict[UUID, str], people: dict[UUID, str]
) -> Held:
    role = Role(grant.role)
    return Held(
        grant.id, role, places.get(grant.scope_id, "") if grant.scope_id else "", grant.given_at,
        people.get(grant.given_by_id, "") if grant.given_by_id else "", grant.until, grant.ended_at,
        people.get(grant.ended_by_id, "") if grant.ended_by_id else "", grant.ended_because,
        may_end=account.id != actor.id and account.closed_at is None and may_take(actor, role),
    )  # fmt: skip


def _names(session: Session, grants: list[Grant]) -> dict[UUID, str]:
    ids = {id_ for grant in grants for id_ in (grant.given_by_id, grant.ended_by_id) if id_}
    if not ids:
        return {}
    return {one.id: one.full_name for one in session.scalars(select(Account).where(Account.id.in_(ids)))}


def _sessions(session: Session, account_id: UUID, *, since: datetime) -> list[SignInSession]:
    return list(
        session.scalars(
            select(SignInSession)
            .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
            .where(SignInSession.seen_at > since, SignInSession.waits_for == "")
            .order_by(SignInSession.seen_at.desc())
        )
    )


def _missed(session: Session, names: list[SignInName], now: datetime) -> dict[UUID, int]:
    keys = {f"{name.realm}:{name.name_folded}": name.id for name in names}
    counts = attempts.counts(session, "sign-in", list(keys), within=WINDOW, now=now)
    return {keys[key]: count for key, count in counts.items()}


def _invitations(session: Session, account: Account) -> list[tuple[Invitation, bool]]:
    """Open ones to the same mailbox under the same name: families share mailboxes."""
    if not account.email_folded:
        return []
    found = list(
        session.scalars(
            select(Invitation)
            .where(Invitation.email_folded == account.email_folded)
            .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
            .where(
                or_(Invitation.first_name == account.first_name, Invitation.first_name == ""),
                Invitation.last_name == account.last_name,
            )
            .order_by(Invitation.id)
        )
    )
    if not found:
        return []
    troubled = mails_in_trouble(session, [one.id for one in found])
    return [(one, one.id in troubled) for one in found]


def mails_in_trouble(session: Session, invitation_ids: list[UUID]) -> set[UUID]:
    """Invitations whose latest mail could not be delivered."""
    query = select(OutboxMessage.about_id, OutboxMessage.status).where(OutboxMessage.about_id.in_(invitation_ids))
    latest = {about: status for about, status in session.execute(query.order_by(OutboxMessage.id)) if about}
    return {about for about, status in latest.items() if status in {"failed", "unsure"}}
