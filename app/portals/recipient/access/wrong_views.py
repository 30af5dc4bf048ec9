"""Something is wrong with a record: put it right by oneself, or have a request opened that is about this record."""

from uuid import UUID

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import Refusal
from app.domain.helpdesk import desk
from app.domain.helpdesk.errors import BadAttachment, BadRequest
from app.domain.helpdesk.linked_records import own_cases_about
from app.domain.helpdesk.open_case import OpenCase, open_case
from app.domain.recipients.own_record import OwnRecord, own_record
from app.portals.recipient.access.forms import WrongForm
from app.portals.recipient.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.asking_for_help import (
    count_request,
    language_of_request,
    name_of_type,
    too_many_requests,
    why_bad_file,
    why_bad_request,
    why_too_many,
)
from app.web.case_files import FIELD, checked_files, files_are_gone, look_at_files_first
from app.web.forms import add_error, choices

USUAL = "record"


@portal.action("/<uuid:recipient_id>/something-is-wrong", needs=Permission.VIEW_OWN_RECORD, first=look_at_files_first)
def something_is_wrong(recipient_id: UUID) -> Response:
    """What can be put right by oneself, the form for all else, and what was asked before."""
    session, who = context.db(), context.actor()
    found = own_record(session, who, recipient_id)
    form = WrongForm(data={"email": _address(found), "phone": found.recipient.phone or "", "request_type": USUAL})
    types = desk.request_types(session, "recipient", context.today())
    form.request_type.choices = choices([(kind.code, name_of_type(kind)) for kind in types], empty="")
    if form.submitted():
        answer = _send(form, found, recipient_id)
        if answer is not None:
            return answer
    if form.errors:
        files_are_gone(form)
    return show(
        "recipient/access/wrong.html", place=recipient_id, recipient=found.recipient, form=form, about=name_of_type,
        cases=own_cases_about(session, who, {recipient_id, found.recipient.id}), status=429 if g.get("too_many") else None,
    )  # fmt: skip


def _send(form: WrongForm, found: OwnRecord, recipient_id: UUID) -> Response | None:
    """Make the case; None where the form has something to mend."""
    mailbox = form.email.data or ""
    if too_many_requests(mailbox):
        g.too_many = True
        form.form_errors.append(why_too_many())
        return None
    try:
        case = open_case(
            context.db(), context.actor(), _command(form, found), storage=context.storage(), now=context.now(),
            today=context.today(),
        )  # fmt: skip
    except (BadRequest, BadAttachment) as refusal:
        _tell(form, refusal)
        return None
    count_request(mailbox)
    context.wake("mail")
    return done(
        url_for("recipient.something_is_wrong", recipient_id=recipient_id),
        _(
            "Your request is sent. Its number is %(number)s: with it anyone at the help line finds it. "
            "A mail is on its way to you.",
            number=case.number,
        ),
    )


def _command(form: WrongForm, found: OwnRecord) -> OpenCase:
    """In the name of whoever is signed in: for a child, that is the parent or guardian."""
    account = context.find_account()
    return OpenCase(
        audience="recipient", request_type=form.request_type.data or "", description=form.description.data or "",
        first_name=(account.first_name if account else "") or found.recipient.first_name,
        last_name=(account.last_name if account else "") or found.recipient.last_name,
        email=form.email.data or "", phone=form.phone.data or "", language=language_of_request(),
        files=checked_files(), recipient_id=found.recipient.id,
    )  # fmt: skip


def _address(found: OwnRecord) -> str:
    account = context.find_account()
    return (account.email if account else None) or found.recipient.email or ""


def _tell(form: WrongForm, refusal: Refusal) -> None:
    if isinstance(refusal, BadAttachment):
        add_error(form[FIELD], why_bad_file(refusal))
    elif isinstance(refusal, BadRequest) and refusal.field in form:
        add_error(form[refusal.field], why_bad_request(refusal))
    else:
        form.form_errors.append(_("Your request could not be sent. Please call us."))
