"""Is everything running: the worker, the mails, the uploads; and what waits for a decision."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.recipients.held_rows import count_held_rows
from app.infra import outbox, queue
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, show


@portal.page("/operations", needs=Permission.VIEW_OPERATIONS)
def operations() -> Response:
    """Signs of life of the worker, and mails that wait, failed or are unsure."""
    session, actor = context.db(), context.actor()
    decides = actor.may(Permission.DECIDE_HELD_ROWS, at=None)
    return show(
        "state/operations/home.html",
        silent=queue.worker_is_silent(session, now=context.now()),
        last_beat=queue.last_beat(session),
        counts=outbox.counts(session),
        troubled=outbox.troubled(session),
        held=count_held_rows(session, actor) if decides else None,
    )


@portal.action("/mails/<uuid:message_id>/send-again", needs=Permission.VIEW_OPERATIONS, methods=("POST",))
def send_mail_again(message_id: UUID) -> Response:
    """Staff decide that a failed or unsure mail goes out once more."""
    outbox.send_again(context.db(), message_id, now=context.now())
    context.wake("mail")
    return done(url_for("state.operations"), _("The mail waits to be sent again."))
