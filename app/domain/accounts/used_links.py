"""Links in mails that did their work already: the form behind one may come once more, because its answer was lost on the way."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.models import Account, Invitation, MailLink
from app.domain.accounts.sessions import hash_token, load_account


def account_behind(session: Session, purpose: str, token: str) -> Account | None:
    """The open account that a used link made, or whose password it set. The link alone opens it no more."""
    link = session.scalar(
        select(MailLink)
        .where(MailLink.token_hash == hash_token(token), MailLink.purpose == purpose)
        .where(MailLink.used_at.is_not(None))
    )
    if link is None:
        return None
    invitation = session.get(Invitation, link.invitation_id) if link.invitation_id else None
    account_id = invitation.account_id if invitation else link.account_id
    return load_account(session, account_id) if account_id else None
