"""Registration in steps, Pause, the review, and changing answers later."""

from uuid import UUID

from flask import Response, abort, flash, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import Refusal
from app.domain.recipients.complete_registration import CompleteRegistration, complete_registration
from app.domain.recipients.joining.change_email import forget_new_email, pending_change
from app.domain.recipients.own_record import OwnRecord, own_record
from app.domain.recipients.registration import IncompleteRegistration, RecordChanged
from app.portals.recipient.portal import portal
from app.portals.recipient.registration.answers import (
    REGISTRATION,
    changes_email,
    filling_of,
    registration_from,
    ways_of,
)
from app.portals.recipient.registration.forms import EmptyForm, FinishForm
from app.web import context
from app.web.answers import done, go, show
from app.web.own_password import knows_the_password
from app.web.steps import Filling, go_on, next_page, turn_page

_EDIT = Permission.EDIT_OWN_RECORD


def _opened(recipient_id: UUID) -> tuple[OwnRecord, Filling]:
    record = own_record(context.db(), context.actor(), recipient_id)
    return record, filling_of(record, recipient_id)


@portal.page("/<uuid:recipient_id>/registration", needs=_EDIT)
def registration(recipient_id: UUID) -> Response:
    """Go on wherever the person left off."""
    _record, filling = _opened(recipient_id)
    ways = ways_of(recipient_id)
    return go(ways.welcome_back if filling.rests else next_page(filling, ways))


@portal.action("/<uuid:recipient_id>/registration/<step>", needs=_EDIT)
def registration_step(recipient_id: UUID, step: str) -> Response:
    """One page of the form."""
    if REGISTRATION.step(step) is None:
        abort(404)
    record, filling = _opened(recipient_id)
    return turn_page(
        filling, step, ways_of(recipient_id), "recipient/registration/step.html", recipient=record.recipient
    )


@portal.page("/<uuid:recipient_id>/registration/paused", needs=_EDIT)
def registration_paused(recipient_id: UUID) -> Response:
    """Says that all is kept, and how to come back."""
    record, filling = _opened(recipient_id)
    if filling.draft is None:
        return go(url_for("recipient.record", recipient_id=recipient_id))
    return show("recipient/registration/paused.html", recipient=record.recipient, filling=filling)


@portal.action("/<uuid:recipient_id>/registration/welcome-back", needs=_EDIT)
def registration_welcome_back(recipient_id: UUID) -> Response:
    """After a pause: what was entered so far, before going on."""
    record, filling = _opened(recipient_id)
    ways, form = ways_of(recipient_id), EmptyForm()
    if form.submitted():
        return go_on(filling, ways)
    if not filling.rests and request.method != "POST":
        return go(next_page(filling, ways))
    return show(
        "recipient/registration/welcome_back.html", form=form, recipient=record.recipient, filling=filling
    )


@portal.action("/<uuid:recipient_id>/registration/review", needs=_EDIT)
def registration_review(recipient_id: UUID) -> Response:
    """All answers with links to change them, and the last button."""
    record, filling = _opened(recipient_id)
    if filling.rests and request.method != "POST":
        return go(ways_of(recipient_id).welcome_back)
    first_time = record.recipient.registered_at is None
    form = FinishForm()
    if not changes_email(filling, record.recipient):
        del form.current
    if form.submitted() and (form.current is None or knows_the_password(form, form.current)) and _finish(filling, form):
        home = url_for("recipient.record", recipient_id=recipient_id)
        if waiting := pending_change(context.db(), record.recipient.id):
            text = _("We have sent a mail to %(email)s: open its link to confirm the address.", email=waiting.email)
            flash(text, "info")
        return done(home, _("You are registered.") if first_time else _("Your answers are saved."))
    return _show_review(record, filling, form)


@portal.action("/<uuid:recipient_id>/registration/forget-changes", needs=_EDIT, methods=("POST",))
def forget_changes(recipient_id: UUID) -> Response:
    """Leave the record as it is: the changes begun are dropped."""
    record, filling = _opened(recipient_id)
    if record.recipient.registered_at is not None:
        filling.drop()
    return done(url_for("recipient.record", recipient_id=recipient_id), _("Your record was not changed."))


@portal.action("/<uuid:recipient_id>/registration/forget-address", needs=_EDIT, methods=("POST",))
def forget_address(recipient_id: UUID) -> Response:
    """Take back an e-mail address that waits to be confirmed."""
    forget_new_email(context.db(), context.actor(), recipient_id, now=context.now())
    return done(url_for("recipient.record", recipient_id=recipient_id), _("The new address was taken back."))


def _finish(filling: Filling, form: FinishForm) -> bool:
    """Keep the answers; where that is not possible, say why on the form."""
    version = form.version.data or ""
    if filling.first_unfinished() is not None:
        form.form_errors.append(_("Some pages are not finished yet. They are marked below."))
        return False
    command = CompleteRegistration(
        filling.subject_id,
        int(version) if version.isdecimal() else 0,
        registration_from(filling),
        context.today(),
    )
    try:
        complete_registration(context.db(), context.actor(), command, now=context.now())
    except (RecordChanged, IncompleteRegistration) as refusal:
        form.form_errors.append(_reason(refusal))
        return False
    filling.drop()
    context.wake("mail")
    context.wake("proofs")
    return True


def _reason(refusal: Refusal) -> str:
    if isinstance(refusal, RecordChanged):
        return _(
            "Somebody changed your record while you were writing. Look at the differences, then press again."
        )
    return _("Some answers do not go together. Please look at each page again.")


def _show_review(record: OwnRecord, filling: Filling, form: FinishForm) -> Response:
    person = record.recipient
    stale = filling.draft is not None and filling.version != person.version
    form.version.data = str(person.version)
    return show(
        "recipient/registration/review.html",
        form=form,
        recipient=person,
        filling=filling,
        ways=ways_of(filling.subject_id),
        unfinished=filling.first_unfinished(),
        changes=list(filling.changes()) if stale or person.registered_at else [],
        stale=stale,
    )
