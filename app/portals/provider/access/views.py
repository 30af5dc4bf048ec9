"""The clinic prints an access code for somebody in its list."""

from datetime import timedelta
from uuid import UUID

from flask import Response

from app.documents.access_codes.render import AccessSheet, render_sheet
from app.domain.accounts.access import Permission
from app.domain.program.settings import ACCESS_CODE_DAYS, value_of
from app.domain.recipients.joining.access_codes import PrintAccessCode, PrintedCode, last_code, print_access_code
from app.domain.recipients.queries import get_recipient
from app.infra import clock
from app.portals.provider.access.forms import AccessForm
from app.portals.provider.portal import portal
from app.web import context, support
from app.web.answers import download, show


@portal.action("/<uuid:location_id>/recipients/<uuid:recipient_id>/access-code", needs=Permission.REGISTER_WALK_INS)
def print_code(location_id: UUID, recipient_id: UUID) -> Response:
    """After a look at an identity document: the sheet, as a PDF. The code stands on it and nowhere else."""
    session, form = context.db(), AccessForm()
    days = value_of(session, ACCESS_CODE_DAYS, today=context.today())
    found = get_recipient(session, context.actor(), location_id, recipient_id)
    if form.submitted():
        command = PrintAccessCode(location_id, recipient_id, form.document.data, days)
        printed = print_access_code(session, context.actor(), command, now=context.now())
        return download(_sheet(printed), "access-code.pdf", "application/pdf")
    context.note_read("recipient.opened", "recipient", found.id, location_id)
    last = last_code(session, context.actor(), location_id, recipient_id)
    return show("provider/access/print.html", form=form, recipient=found, days=days, last=last, now=context.now())


def _sheet(printed: PrintedCode) -> bytes:
    settings = support.program("recipient")
    return render_sheet(
        AccessSheet(
            name=printed.recipient.full_name,
            code=printed.code,
            visit_code=printed.recipient.code,
            page_url=f"{settings.public_url}/account/recipient/code",
            last_day=clock.local_date(printed.expires_at - timedelta(days=1), settings.zone),
            program_name=settings.program_name,
            state_name=settings.state_name,
            help_phone=settings.help_phone,
            help_hours=settings.hours_in(printed.recipient.language),
            language=printed.recipient.language,
        )
    )
