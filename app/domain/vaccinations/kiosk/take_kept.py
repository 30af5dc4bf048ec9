"""Use case: a check-in that a kiosk kept while the line was down. Nobody is before the screen any more to say yes."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.devices.models import KioskDevice
from app.domain.errors import NotAllowed
from app.domain.vaccinations.check_in import CheckIn, check_in
from app.domain.vaccinations.errors import RecordClosed
from app.domain.vaccinations.find_for_visit import make_ticket
from app.domain.vaccinations.kiosk.check_in_at_kiosk import Moment, Told
from app.domain.vaccinations.kiosk.desk_calls import call_desk
from app.domain.vaccinations.kiosk.finding import find_scanned, find_typed
from app.domain.vaccinations.models import Visit
from app.infra import clock


def take_kept(
    session: Session, actor: Actor, kiosk: KioskDevice, told: Told, age: int | None, at: Moment, zone: ZoneInfo
) -> Visit | None:
    """The visit of whom the answers or the code fit exactly. For anybody else the desk gets a number, as they were told
    to go there if nobody calls them. `age` is in seconds: what was kept on another day opens no visit today.
    """
    actor.require(Permission.CHECK_IN_RECIPIENTS, at=kiosk.location_id)
    if age is None or clock.local_date(at.now - timedelta(seconds=age), zone) != at.today:
        return None
    if told.typed is not None:
        found = find_typed(session, told.typed)
    else:
        found = find_scanned(session, told.scanned, demonstration=at.demonstration, now=at.now) or []
    if len(found) == 1:
        ticket = make_ticket(actor, kiosk.location_id, found[0].id, now=at.now)
        try:
            return check_in(session, actor, CheckIn(kiosk.location_id, ticket=ticket), now=at.now, today=at.today)
        except (RecordClosed, NotAllowed):
            pass
    call_desk(session, kiosk.id, kiosk.location_id, "kept", now=at.now, today=at.today)
    return None
