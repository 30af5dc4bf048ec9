"""Whose mailbox an address is, where somebody acts or acted for a person.

Families share mailboxes, and a guardian can confirm a second one as the child's. So an address that a guardian uses or has
given shows that the guardian reads it, not that the child does. Nothing that opens the record to the child alone goes
there: at 18 they show who they are at a clinic or to the help desk.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.models import Account
from app.domain.accounts.names import fold_name
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.joining.models import EmailChange
from app.domain.recipients.models import Recipient


def is_a_guardians(session: Session, recipient_id: UUID, address: str) -> bool:
    """True where a guardian of the person, also one of before, has or had the address, or gave it for any record.

    `recipient_id` is the record that was kept; guardians of records joined with it count.
    """
    joined = select(Recipient.id).where(Recipient.merged_into_id == recipient_id)
    rows = session.execute(
        select(Guardianship.account_id, Guardianship.guardian_id).where(
            or_(Guardianship.dependant_id == recipient_id, Guardianship.dependant_id.in_(joined))
        )
    ).all()
    if not rows:
        return False
    return fold_name(address) in _addresses(session, [row[0] for row in rows], [row[1] for row in rows])


def _addresses(session: Session, accounts: Sequence[UUID], records: Sequence[UUID]) -> set[str]:
    """Folded addresses that these guardians use, used, or asked to be confirmed."""
    used = select(Account.email_folded).where(Account.id.in_(accounts))
    recorded = select(Recipient.email_folded).where(Recipient.id.in_(records))
    given = select(EmailChange.email, EmailChange.old_email).where(
        or_(EmailChange.account_id.in_(accounts), EmailChange.recipient_id.in_(records))
    )
    found = {*session.scalars(used), *session.scalars(recorded)}
    found.update(fold_name(address) for row in session.execute(given) for address in row)
    return {address for address in found if address}
