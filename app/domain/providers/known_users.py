"""What is known of people who are to become users, and what speaks against each of them. Four queries for 200 people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.invitations import same_name
from app.domain.accounts.models import Account, Grant, Invitation, SignInName
from app.domain.accounts.names import fold_name
from app.domain.providers.user_errors import Reasons, Why
from app.domain.providers.users import REALM, live_grants, open_provider_invitations

Verdict = Literal["invite", "grant", "present"]


@dataclass
class KnownUsers:
    """Accounts by NCID and by mailbox, open invitations by NCID, and who may work at the location; names folded."""

    location_id: UUID
    by_ncid: dict[str, Account] = field(default_factory=dict)
    by_mailbox: dict[str, list[Account]] = field(default_factory=dict)
    invited: dict[str, list[Invitation]] = field(default_factory=dict)
    here: dict[UUID, Grant] = field(default_factory=dict)

    def decide(self, person: Mapping[str, str]) -> tuple[Verdict, Reasons]:
        """What becomes of somebody, and what speaks against it, by field.

        `person` has the fields of a user as they are kept; those that were mistaken are missing.
        """
        ncid = fold_name(person.get("ncid", ""))
        account = self.by_ncid.get(ncid)
        if account is not None:
            return self._with_account(account, person)
        offers = self.invited.get(ncid, [])
        for offer in offers:
            reasons = _against(offer, person)
            if reasons:
                return "invite", reasons
        for offer in offers:
            if offer.scope_id == self.location_id:
                return self._present(offer.role, person)
        if self._has_another_ncid(person):
            return "invite", {"ncid": Why("other_ncid")}
        return "invite", {}

    def _with_account(self, account: Account, person: Mapping[str, str]) -> tuple[Verdict, Reasons]:
        if account.closed_at is not None or _differs(account.full_name, person):
            return "grant", {"ncid": Why("ncid_of_another")}
        if account.id in self.here:
            return self._present(self.here[account.id].role, person)
        return "grant", {}

    def _present(self, role: str, person: Mapping[str, str]) -> tuple[Verdict, Reasons]:
        same = person.get("profile", role) == role
        return "present", {} if same else {"profile": Why("other_profile")}

    def _has_another_ncid(self, person: Mapping[str, str]) -> bool:
        neighbours = self.by_mailbox.get(fold_name(person.get("email", "")), [])
        named = "first_name" in person and "last_name" in person and person.get("ncid")
        return bool(named) and any(not _differs(one.full_name, person) for one in neighbours)


def known_users(session: Session, location_id: UUID, people: Iterable[Mapping[str, str]]) -> KnownUsers:
    """What is known of these people, by their NCID user names and e-mail addresses."""
    asked = list(people)
    ncids = {fold_name(one["ncid"]) for one in asked if one.get("ncid")}
    mailboxes = {fold_name(one["email"]) for one in asked if one.get("email")}
    known = KnownUsers(location_id, here={grant.account_id: grant for grant in live_grants(session, location_id)})
    names = (
        select(SignInName.name_folded, Account)
        .join(Account, Account.id == SignInName.account_id)
        .where(SignInName.realm == REALM)
    )
    # Two questions instead of OR, which would read all names.
    for name, account in session.execute(names.where(SignInName.name_folded.in_(ncids))):
        known.by_ncid[name] = account
    in_mailboxes = names.where(Account.email_folded.in_(mailboxes), Account.closed_at.is_(None))
    for _name, account in session.execute(in_mailboxes):
        known.by_mailbox.setdefault(account.email_folded or "", []).append(account)
    offers = open_provider_invitations().where(func.lower(Invitation.sign_in_name).in_(ncids))
    for offer in session.scalars(offers.order_by(Invitation.id)):
        known.invited.setdefault(fold_name(offer.sign_in_name or ""), []).append(offer)
    return known


def _against(offer: Invitation, person: Mapping[str, str]) -> Reasons:
    if _differs(f"{offer.first_name} {offer.last_name}", person):
        return {"ncid": Why("ncid_of_another")}
    if "email" in person and offer.email_folded != fold_name(person["email"]):
        return {"ncid": Why("ncid_invited")}
    return {}


def _differs(full_name: str, person: Mapping[str, str]) -> bool:
    """True when both names are told and are another person's."""
    if "first_name" not in person or "last_name" not in person:
        return False
    return not same_name(full_name, f"{person['first_name']} {person['last_name']}")
