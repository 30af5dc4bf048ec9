"""Mails about accounts: invitations, password links, changed passwords."""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts import invitations, password_reset
from app.domain.accounts.access import Role
from app.domain.accounts.sessions import load_account
from app.domain.organizations.names import name_of_organization
from app.domain.program.support import OF_PORTALS
from app.domain.providers.queries import name_of_location
from app.domain.recipients.closing.close_record import accounts_of_the_dead, may_be_mailed
from app.domain.recipients.records import kept_record
from app.domain.reminders.choices import language_of
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.accounts.models import Account

_TEMPLATES = {
    Role.ORGANIZATION_CONTACT: "emails/invitation_organization_contact.txt",
    Role.RECIPIENT: "emails/invitation_recipient.txt",
    Role.LOCATION_MANAGER: "emails/invitation_provider_user.txt",
    Role.HEALTHCARE_PROVIDER: "emails/invitation_provider_user.txt",
}


@composes("accounts.invited")
def invited(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """The welcome mail with the link that claims the role."""
    invitation = invitations.get_invitation(session, UUID(payload["invitation_id"]))
    if invitation.accepted_at or invitation.withdrawn_at:
        return None
    if invitation.scope_kind == "recipient" and not may_be_mailed(session, invitation.scope_id):
        return None
    token = invitations.make_link(session, "invitation", now=post.now, invitation_id=invitation.id)
    role = Role(invitation.role)
    place, language, code = "", "en", ""
    if invitation.scope_kind == "organization":
        place = name_of_organization(session, invitation.scope_id)
    elif invitation.scope_kind == "location":
        place = name_of_location(session, invitation.scope_id)
    elif invitation.scope_kind == "recipient":
        language = language_of(session, invitation.scope_id)
        known = kept_record(session, invitation.scope_id)
        code = known.code if known else ""
    return Letter(
        to=invitation.email,
        to_name=f"{invitation.first_name} {invitation.last_name}",
        template=_TEMPLATES.get(role, "emails/invitation_staff.txt"),
        context={
            "invitation": invitation,
            "role": role,
            "place": place,
            "code": code,
            "link": post.url(f"/account/invitations/{token}{'?lang=es' if language == 'es' else ''}"),
            "days": invitations.LINK_LASTS.days,
        },
        language=language,
        audience=OF_PORTALS.get(invitation.realm, ""),
    )


@composes("accounts.reset_asked")
def reset_asked(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """The link to a new password."""
    account = _reached(session, payload)
    if account is None:
        return None
    token = invitations.make_link(
        session, "reset", now=post.now, account_id=account.id, lasts=password_reset.LINK_LASTS
    )
    realm = payload["realm"]
    letter = _letter(
        account,
        "emails/password_reset.txt",
        account=account,
        name=invitations.sign_in_name_of(account, realm),
        link=post.url(f"/account/{realm}/new-password/{token}"),
    )
    return replace(letter, audience=OF_PORTALS.get(realm, ""))


@composes("accounts.password_changed")
def password_changed(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """Tell the owner, who may not have been the one."""
    account = _reached(session, payload)
    return _letter(account, "emails/password_changed.txt", account=account) if account else None


@composes("accounts.second_factor")
def second_factor(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """Tell the owner that the second factor was changed, or that a recovery code was used."""
    account = _reached(session, payload)
    return _letter(account, "emails/second_factor.txt", change=payload["change"]) if account else None


@composes("accounts.outside_identity")
def outside_identity(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """Tell the owner that an outside sign-in was linked or unlinked."""
    account = _reached(session, payload)
    return _letter(account, "emails/outside_identity.txt", change=payload["change"]) if account else None


@composes("accounts.named")
def named(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """The user name that we made, for whoever did not note it: without it not even a new password can be asked for."""
    account, realm = _reached(session, payload), payload["realm"]
    if account is None:
        return None
    name = invitations.sign_in_name_of(account, realm)
    letter = _letter(account, "emails/user_name.txt", name=name, link=post.url(f"/account/sign-in/{realm}"))
    return replace(letter, audience=OF_PORTALS.get(realm, ""))


def _reached(session: "Session", payload: dict[str, str]) -> "Account | None":
    """The account, where it has a mailbox and the person whose own it is has not died."""
    found = load_account(session, UUID(payload["account_id"]))
    if found is None or not found.email or accounts_of_the_dead(session, [found.id]):
        return None
    return found


def _letter(to: "Account", template: str, **context: object) -> Letter:
    return Letter(
        to=to.email or "", to_name=to.full_name, template=template, context=context, language=to.language
    )
