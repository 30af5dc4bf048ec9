"""Invitations: an offer of a role at a place to whoever reads a mailbox, accepted once through a link in a mail."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from app.domain.accounts import names, passwords
from app.domain.accounts.access import SCOPE_OF_ROLE, Actor, Role
from app.domain.accounts.models import Account, Grant, Invitation, MailLink, SignInName
from app.domain.accounts.sessions import hash_token
from app.domain.errors import Refusal
from app.infra import audit, outbox
from app.infra.db import new_id
from app.infra.search import fold

LINK_LASTS = timedelta(days=7)
AT_ONCE = 20

MAIL_OF_ROLE = {
    Role.ORGANIZATION_ADMINISTRATOR: "enrollment.administrator_invited",
    Role.VACCINE_COORDINATOR: "enrollment.coordinator_invited",
    Role.OFFICER_CEO: "enrollment.officer_invited",
    Role.OFFICER_CMO: "enrollment.officer_invited",
}
"""The kind of mail for roles whose invitation says more than that there is one."""


class LinkUnknown(Refusal):
    """No such link was ever sent, or it was cut when it was copied."""


class LinkUsed(Refusal):
    """It was used already: sign in instead."""


class LinkExpired(Refusal):
    """It is too old; a fresh one can be sent to the same address."""

    def __init__(self, link: MailLink) -> None:
        super().__init__()
        self.link = link


class WeakPassword(Refusal):
    """The password misses some of the criteria."""

    def __init__(self, unmet: list[str]) -> None:
        super().__init__()
        self.unmet = unmet


@dataclass(frozen=True, slots=True)
class Invite:
    """Who is invited to what. `sign_in_name` None: the person's name is made (recipients) or is the e-mail."""

    role: Role
    scope_id: UUID | None
    email: str
    first_name: str
    last_name: str
    realm: str
    sign_in_name: str | None = None


def invite(session: Session, actor: Actor, offer: Invite, *, now: datetime, with_mail: bool = True) -> Invitation:
    """Record an invitation and send its mail. The caller has checked that the actor may.

    `with_mail` False: another invitation to the same person, made now, has a mail that stands for both.
    """
    invitation = Invitation(**_values(offer, actor.id, now))
    session.add(invitation)
    session.flush()
    if with_mail:
        _send(session, invitation, now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="account.invited", subject_kind="invitation",
        subject_id=invitation.id, place_id=offer.scope_id, now=now, role=offer.role.value,
    )  # fmt: skip
    return invitation


def invite_many(session: Session, offers: list[Invite], *, invited_by_id: UUID | None, now: datetime) -> None:
    """Record many invitations and their mails in two statements."""
    if not offers:
        return
    rows: list[dict[str, Any]] = [{"id": new_id(), **_values(offer, invited_by_id, now)} for offer in offers]
    session.execute(insert(Invitation), rows)
    payloads = [{"invitation_id": str(row["id"])} for row in rows]
    outbox.publish_many(session, "accounts.invited", payloads, now=now, abouts=[row["id"] for row in rows])


def mail_invitations(session: Session, made: list[Invitation], *, now: datetime) -> None:
    """Send the mails of invitations that were recorded without; many of them wait behind everything else."""
    if len(made) <= AT_ONCE:
        for invitation in made:
            _send(session, invitation, now)
        return
    by_kind: dict[str, list[Invitation]] = {}
    for invitation in made:
        by_kind.setdefault(_kind_of_mail(invitation), []).append(invitation)
    for kind, some in by_kind.items():
        payloads = [{"invitation_id": str(invitation.id)} for invitation in some]
        outbox.publish_many(session, kind, payloads, now=now, abouts=[invitation.id for invitation in some])


def send_invitation_again(session: Session, invitation: Invitation, *, now: datetime, email: str | None = None) -> None:
    """Send the mail again, to a corrected address when one is given. Links sent before stop working."""
    if email is not None:
        invitation.email = email
        invitation.email_folded = names.fold_name(email)
    session.execute(
        update(MailLink)
        .where(MailLink.invitation_id == invitation.id, MailLink.used_at.is_(None))
        .values(expires_at=now)
    )
    _send(session, invitation, now)


def make_link(
    session: Session, purpose: str, *, now: datetime, invitation_id: UUID | None = None, account_id: UUID | None = None,
    subject_id: UUID | None = None, lasts: timedelta = LINK_LASTS,
) -> str:  # fmt: skip
    """A new single-use link for a mail that is about to be sent; returns its token. Only the hash is kept."""
    token = secrets.token_urlsafe(24)
    session.add(
        MailLink(
            token_hash=hash_token(token), purpose=purpose, invitation_id=invitation_id, account_id=account_id,
            subject_id=subject_id, created_at=now, expires_at=now + lasts,
        )
    )  # fmt: skip
    return token


def open_link(session: Session, purpose: str, token: str, *, now: datetime) -> MailLink:
    """The unused, unexpired link behind a token. Raises LinkUnknown, LinkUsed or LinkExpired."""
    link = session.scalar(select(MailLink).where(MailLink.token_hash == hash_token(token), MailLink.purpose == purpose))
    if link is None:
        raise LinkUnknown
    if link.used_at is not None:
        raise LinkUsed
    if link.expires_at <= now:
        raise LinkExpired(link)
    return link


def get_invitation(session: Session, invitation_id: UUID | None) -> Invitation:
    """The invitation, open or not. Raises LinkUnknown."""
    invitation = session.get(Invitation, invitation_id) if invitation_id else None
    if invitation is None:
        raise LinkUnknown
    return invitation


def open_invitation(session: Session, token: str, *, now: datetime) -> tuple[Invitation, MailLink]:
    """The invitation behind a link, still to be accepted. Raises LinkUnknown, LinkUsed, or LinkExpired for one that can be renewed."""
    try:
        link = open_link(session, "invitation", token, now=now)
    except LinkExpired as expired:
        _refuse_settled(get_invitation(session, expired.link.invitation_id))
        raise
    invitation = get_invitation(session, link.invitation_id)
    _refuse_settled(invitation)
    return invitation, link


def _refuse_settled(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise LinkUsed
    if invitation.withdrawn_at is not None:
        raise LinkUnknown


def hold_invitation(session: Session, invitation: Invitation) -> None:
    """Nobody accepts or withdraws it until this transaction ends. Raises LinkUsed or LinkUnknown where somebody did meanwhile."""
    session.refresh(invitation, with_for_update=True)
    _refuse_settled(invitation)


def accounts_behind_mailbox(session: Session, email: str) -> bool:
    """True when an account that somebody uses has this mailbox: the role may be added to it instead."""
    return (
        session.scalar(
            select(Account.id)
            .where(Account.email_folded == names.fold_name(email), Account.closed_at.is_(None))
            .where(Account.password_hash.is_not(None))
            .limit(1)
        )
        is not None
    )


def accept_with_new_account(
    session: Session, invitation: Invitation, link: MailLink, password: str, *, now: datetime
) -> Account:
    """Make the account, its name and its grant; a name that we made is mailed too.

    Raises WeakPassword, LinkUsed when another browser was faster, or LinkUnknown when it was withdrawn meanwhile.
    """
    unmet = passwords.unmet_criteria(password, (invitation.first_name, invitation.last_name, invitation.email))
    if unmet:
        raise WeakPassword(unmet)
    account = Account(
        first_name=invitation.first_name, last_name=invitation.last_name, email=invitation.email,
        email_folded=invitation.email_folded, password_hash=passwords.hash_password(password), created_at=now,
    )  # fmt: skip
    session.add(account)
    session.flush()
    _accept(session, invitation, link, account, now)
    if invitation.role == Role.RECIPIENT and not invitation.sign_in_name:
        outbox.publish(
            session, "accounts.named", now=now, about=account.id, account_id=str(account.id), realm=invitation.realm
        )
    return account


def accept_with_account(
    session: Session, invitation: Invitation, link: MailLink, account: Account, *, now: datetime
) -> None:
    """Add the role to an account that its owner just signed in to. Raises as the other does."""
    _accept(session, invitation, link, account, now)


def account_of_person(session: Session, realm: str, email: str, first_name: str, last_name: str) -> Account | None:
    """The open account that signs in with this address in the realm and bears this name.

    Its owner has shown to read the mailbox, so a role may be given to it without another link. Two people who
    share a mailbox differ by name: the second one is invited.
    """
    found = session.scalar(
        select(Account)
        .join(SignInName)
        .where(SignInName.realm == realm, SignInName.name_folded == names.fold_name(email))
        .where(Account.closed_at.is_(None), Account.email_folded == names.fold_name(email))
    )
    return found if found and same_name(found.full_name, f"{first_name} {last_name}") else None


def same_name(one: str, other: str) -> bool:
    """True when two names are alike but for case, accents and punctuation."""
    return fold(one) == fold(other)


def give_role(
    session: Session, actor: Actor, account: Account, role: Role, scope_id: UUID | None, *, now: datetime
) -> Grant:
    """Add a role at a place to an account, unless it has it. The caller has checked that the actor may."""
    held = holders(session, role, scope_id)
    for grant in held:
        if grant.account_id == account.id:
            return grant
    grant = Grant(
        account_id=account.id, role=role.value, scope_kind=SCOPE_OF_ROLE[role], scope_id=scope_id, given_at=now,
        given_by_id=actor.id,
    )  # fmt: skip
    session.add(grant)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="account.role_given", subject_kind="account",
        subject_id=account.id, place_id=scope_id, now=now, role=role.value,
    )  # fmt: skip
    session.flush()
    return grant


def holders(session: Session, role: Role, scope_id: UUID | None) -> list[Grant]:
    """The live grants of a role at a place."""
    return list(
        session.scalars(
            select(Grant)
            .where(Grant.role == role.value, Grant.scope_id == scope_id, Grant.ended_at.is_(None))
            .order_by(Grant.id)
        )
    )


def sign_in_name_of(account: Account, realm: str) -> str:
    """The account's (latest) name in a realm; empty when it has none there."""
    return next((name.name for name in reversed(account.names) if name.realm == realm), "")


def take_link(session: Session, link: MailLink, *, now: datetime) -> None:
    """Use a link up, first thing of what it allows. Raises LinkUsed when another browser was faster."""
    taken = session.execute(
        update(MailLink)
        .where(MailLink.id == link.id, MailLink.used_at.is_(None))
        .values(used_at=now)
        .returning(MailLink.id)
    ).all()
    if not taken:
        raise LinkUsed


def _accept(session: Session, invitation: Invitation, link: MailLink, account: Account, now: datetime) -> None:
    hold_invitation(session, invitation)
    take_link(session, link, now=now)
    for offered in (invitation, *_other_offers(session, invitation)):
        _accept_one(session, offered, account, now)


def _other_offers(session: Session, invitation: Invitation) -> list[Invitation]:
    """What else the same person was offered in an enrollment or at other clinics: one link takes all of it, in one
    account.

    The others went to the same mailbox under the same name, and in the Provider Portal for the same NCID. Other realms
    have no such person: families share mailboxes. Nor is an enrollment among them that somebody began by themselves:
    anybody may have typed the address.
    """
    if invitation.realm not in {"enrollment", "provider"}:
        return []
    ncid = names.fold_name(invitation.sign_in_name or "")
    if invitation.realm == "provider" and not ncid:
        return []
    others = session.scalars(
        select(Invitation)
        .where(Invitation.email_folded == invitation.email_folded, Invitation.realm == invitation.realm)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.id != invitation.id)
        .where(or_(Invitation.invited_by_id.is_not(None), Invitation.role != Role.ORGANIZATION_ADMINISTRATOR.value))
        .order_by(Invitation.id)
    )
    mine = f"{invitation.first_name} {invitation.last_name}"
    return [
        other
        for other in others
        if same_name(mine, f"{other.first_name} {other.last_name}")
        and (not ncid or names.fold_name(other.sign_in_name or "") == ncid)
    ]


def _accept_one(session: Session, invitation: Invitation, account: Account, now: datetime) -> None:
    if not any(name.realm == invitation.realm for name in account.names):
        name = _name_for(session, invitation)
        account.names.append(
            SignInName(account_id=account.id, realm=invitation.realm, name=name, name_folded=names.fold_name(name))
        )
    held = any(
        grant.ended_at is None and grant.role == invitation.role and grant.scope_id == invitation.scope_id
        for grant in account.grants
    )
    if not held:
        account.grants.append(
            Grant(
                account_id=account.id, role=invitation.role, scope_kind=invitation.scope_kind,
                scope_id=invitation.scope_id, given_at=now, given_by_id=invitation.invited_by_id,
            )
        )  # fmt: skip
    invitation.accepted_at = now
    invitation.account_id = account.id
    audit.record(
        session, actor_kind="person", actor_id=account.id, act="account.invitation_accepted",
        subject_kind="invitation", subject_id=invitation.id, place_id=invitation.scope_id, now=now,
    )  # fmt: skip
    session.flush()


def _send(session: Session, invitation: Invitation, now: datetime) -> None:
    outbox.publish(session, _kind_of_mail(invitation), now=now, about=invitation.id, invitation_id=str(invitation.id))


def _kind_of_mail(invitation: Invitation) -> str:
    return MAIL_OF_ROLE.get(Role(invitation.role), "accounts.invited")


def _name_for(session: Session, invitation: Invitation) -> str:
    if invitation.role == Role.RECIPIENT and not invitation.sign_in_name:
        return names.make_recipient_name(session, invitation.first_name, invitation.last_name)
    return names.free_name(session, invitation.realm, invitation.sign_in_name or invitation.email)


def _values(offer: Invite, invited_by_id: UUID | None, now: datetime) -> dict[str, object]:
    return {
        "role": offer.role.value, "scope_kind": SCOPE_OF_ROLE[offer.role], "scope_id": offer.scope_id, "realm": offer.realm,
        "sign_in_name": offer.sign_in_name, "first_name": offer.first_name, "last_name": offer.last_name, "email": offer.email,
        "email_folded": names.fold_name(offer.email), "invited_by_id": invited_by_id, "created_at": now,
    }  # fmt: skip
