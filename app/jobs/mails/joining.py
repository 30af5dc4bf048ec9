"""Mails to people on their way in: to the mailbox that was typed, and to the one that is on record."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts import invitations, user_names
from app.domain.accounts.sessions import load_account
from app.domain.recipients.closing.close_record import accounts_of_the_dead, may_be_mailed
from app.domain.recipients.guardians.mailboxes import is_a_guardians
from app.domain.recipients.joining import change_email, decide_likeness, self_register
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.recipients.models import Recipient as Person


@composes("recipients.self_registration_asked")
def self_registration_asked(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """The link to go on; for a mailbox whose owner has an account already, its user name instead.

    The mailbox may be a stranger's: what was typed as a name does not stand in the mail.
    """
    found = self_register.what_to_mail(session, UUID(payload["registration_id"]))
    if found is None:
        return None
    asked = found.asked
    account = load_account(session, found.account_id) if found.account_id else None
    if account is not None:
        context = {
            "name": invitations.sign_in_name_of(account, "recipient"),
            "link": post.url("/account/sign-in/recipient"),
            "forgotten_link": post.url("/account/recipient/forgotten-password"),
        }
        return Letter(asked.email, account.full_name, "emails/registered_already.txt", context, account.language)
    token = invitations.make_link(
        session, self_register.PURPOSE, now=post.now, subject_id=asked.id, lasts=self_register.LINK_LASTS
    )
    facts = {"link": post.url(f"/account/recipient/register/{token}"), "days": self_register.LINK_LASTS.days}
    return Letter(asked.email, "", "emails/self_registration.txt", facts, asked.language)


@composes("recipients.perhaps_the_same")
def perhaps_the_same(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """To the address on record: was this you, with another address? Where that proves nothing, staff decide."""
    found = decide_likeness.likeness_to_mail(session, UUID(payload["registration_id"]))
    if found is None or not found.may_be_asked or not may_be_mailed(session, found.on_file.id):
        return None
    if is_a_guardians(session, found.on_file.id, found.on_file.email or ""):
        return None
    token = invitations.make_link(session, decide_likeness.PURPOSE, now=post.now, subject_id=found.asked.id)
    return Letter(
        to=found.on_file.email or "",
        to_name=found.on_file.full_name,
        template="emails/perhaps_the_same.txt",
        context={
            "link": post.url(f"/account/recipient/same-person/{token}"),
            "days": invitations.LINK_LASTS.days,
        },
        language=_language(found.on_file),
    )


@composes("accounts.names_asked")
def names_asked(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """The user names of a mailbox, with the first letters of their owners' first names."""
    realm = payload["realm"]
    found = user_names.names_of_mailbox(session, UUID(payload["account_id"]), realm)
    if found is None:
        return None
    dead = accounts_of_the_dead(session, [one.account_id for one in found.names])
    names = [one for one in found.names if one.account_id not in dead]
    if not names:
        return None
    context = {
        "names": names,
        "link": post.url(f"/account/sign-in/{realm}"),
        "forgotten_link": post.url(f"/account/{realm}/forgotten-password"),
    }
    return Letter(found.email, "", "emails/user_names.txt", context, found.language)


@composes("recipients.email_asked")
def email_asked(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """To the new address: confirm it."""
    found = change_email.change_to_mail(session, UUID(payload["change_id"]))
    if found is None or found.change.done_at is not None:
        return None
    token = invitations.make_link(
        session, change_email.PURPOSE, now=post.now, subject_id=found.change.id, lasts=change_email.LINK_LASTS
    )
    context = {"link": post.url(f"/account/recipient/confirm-email/{token}"), "days": change_email.LINK_LASTS.days}
    return Letter(found.change.email, "", "emails/email_confirm.txt", context, _language(found.recipient))


@composes("recipients.email_changing")
def email_changing(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """To the old address, which a stranger may have been about to take away."""
    found = change_email.change_to_mail(session, UUID(payload["change_id"]))
    if found is None:
        return None
    context = {"link": post.url("/account/sign-in/recipient"), "gone": not found.change.email}
    return Letter(
        found.change.old_email, found.recipient.full_name, "emails/email_changing.txt", context,
        _language(found.recipient),
    )  # fmt: skip


def _language(recipient: "Person") -> str:
    return "es" if recipient.language == "es" else "en"
