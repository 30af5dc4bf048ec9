"""A person: the Recipient Portal, one record at a time."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.web.chrome import MenuItem, item
from app.web.portal import Portal

portal = Portal(
    "recipient", __name__, url_prefix="/recipient", title=_l("COVID-19 Vaccine Portal"), scope="recipient_id"
)


def menu(recipient_id: UUID | None) -> list[MenuItem]:
    """The person's own pages."""
    if recipient_id is None:
        return []
    return [item(_("My vaccine record"), "recipient.record", recipient_id=recipient_id)]


portal.menu = menu
