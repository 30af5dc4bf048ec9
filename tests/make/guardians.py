"""Children and who acts for them. Every maker commits."""

from datetime import date

from sqlalchemy.orm import Session

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Grant
from app.domain.recipients.guardians.add_dependant import AddDependant, add_dependant
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.models import Recipient
from app.infra import clock
from tests.make.accounts import actor, person
from tests.make.vaccinations import ZONE

CHILD_BORN = date(2005, 6, 15)


def dependant(
    session: Session, guardian: Recipient, *, first_name: str = "Mia", last_name: str = "Lopez",
    birth_date: date = CHILD_BORN, consent: bool = True,
) -> Guardianship:  # fmt: skip
    """A child whom the recipient acts for; their account is made where they have none."""
    account = (
        session.query(Account)
        .join(Grant, Grant.account_id == Account.id)
        .filter(Grant.scope_id == guardian.id, Grant.role == Role.RECIPIENT.value)
        .one_or_none()
    ) or person(session, guardian.id)
    command = AddDependant(guardian.id, first_name, last_name, birth_date, "parent", consent)
    made = add_dependant(session, actor(session, account), command, zone=ZONE, now=clock.now())
    session.commit()
    return made
