"""Asking for help: one page per audience, and the confirmation with the number."""

from typing import TYPE_CHECKING, Any

from flask import Response, abort, g, url_for
from flask_babel import gettext as _

from app.domain.errors import Refusal
from app.domain.helpdesk import desk
from app.domain.helpdesk.errors import BadAttachment, BadRequest
from app.domain.helpdesk.lists import AUDIENCES, GENERIC_ORGANIZATION
from app.domain.helpdesk.open_case import OpenCase, open_case, writes_for_callers
from app.domain.helpdesk.register_requester import requester_of
from app.portals.helpdesk import wording
from app.portals.helpdesk.intake import pausing
from app.portals.helpdesk.intake.forms import FORMS, IntakeForm
from app.portals.helpdesk.knowledge.suggesting import remember_for, remembered_for, suggested
from app.portals.helpdesk.portal import portal
from app.web import context
from app.web.answers import done, go, show
from app.web.asking_for_help import count_request, language_of_request, too_many_requests, why_too_many
from app.web.case_files import checked_files, files_are_gone, look_at_files_first
from app.web.forms import add_error, choices
from app.web.portal import PUBLIC

if TYPE_CHECKING:
    from app.domain.drafts.models import Draft
    from app.domain.helpdesk.models import Case, Requester

_DETAILS = ("birth_date", "county", "vaccinated_at")


@portal.action("/<audience>/request", needs=PUBLIC, first=look_at_files_first)
def intake(audience: str) -> Response:
    """The form. Vaccine providers sign in first; agents write down what a caller says."""
    if audience not in AUDIENCES:
        abort(404)
    account = context.account() if audience == "provider" else context.find_account()
    aside = pausing.kept(audience)
    known = requester_of(context.db(), account) if account else None
    form = FORMS[audience](**pausing.take_up(aside), data=_known(known))
    if _for_caller():
        form.ask_no_email()
    types = desk.request_types(context.db(), audience, context.today())
    form.request_type.choices = choices([(kind.code, wording.about(kind)) for kind in types], empty="")
    answer = pausing.turn(audience) or (_send(form, audience) if form.submitted() else None)
    return answer or _page(form, audience, known=known, aside=aside)


@portal.page("/sent/<number>", needs=PUBLIC)
def sent(number: str) -> Response:
    """The number, and what happens now. It says the same for any number."""
    return show("helpdesk/intake/sent.html", number=number[:12].upper(), suggested=remembered_for(number))


def _page(form: IntakeForm, audience: str, *, known: "Requester | None", aside: "Draft | None") -> Response:
    """The form as it stands; with mistakes, everything that was typed is still there."""
    if form.errors:
        files_are_gone(form)
    generic = audience == "provider" and not (known and known.organization_name)
    return show(
        "helpdesk/intake/request.html", form=form, audience=audience, words=wording, aside=aside,
        suggested=suggested(form.description.data or "", audience), generic=GENERIC_ORGANIZATION if generic else "",
        for_caller=_for_caller(),
        signed_in=context.find_account() is not None, status=429 if g.get("too_many") else None,
    )  # fmt: skip


def _send(form: IntakeForm, audience: str) -> Response | None:
    """Make the case; None where the form has something to mend."""
    mailbox, for_caller = form.email.data or "", _for_caller()
    if not for_caller and too_many_requests(mailbox):
        g.too_many = True
        form.form_errors.append(why_too_many())
        return None
    if form.website.data:
        return go(url_for("helpdesk.sent", number="CS0000000"))
    try:
        case = open_case(
            context.db(), context.actor() if context.find_account() else None, _command(form, audience),
            storage=context.storage(), now=context.now(), today=context.today(),
        )  # fmt: skip
    except (BadRequest, BadAttachment) as refusal:
        _tell(form, refusal)
        return None
    pausing.forget(audience)
    context.wake("mail")
    if for_caller:
        return done(url_for("helpdesk.case_at_desk", number=case.number), _said_to_agent(case))
    count_request(mailbox)
    remember_for(case.number, form.description.data or "", audience)
    return go(url_for("helpdesk.sent", number=case.number))


def _said_to_agent(case: "Case") -> str:
    if case.email:
        return _("The request is written down. The caller gets a mail.")
    return _("The request is written down. No mail goes out: tell the caller the number %(number)s.", number=case.number)


def _for_caller() -> bool:
    return context.find_account() is not None and writes_for_callers(context.actor())


def _command(form: IntakeForm, audience: str) -> OpenCase:
    typed: dict[str, Any] = {name: str(form[name].data or "") for name in ("first_name", "last_name", "email", "phone")}
    extra: dict[str, Any] = {
        name: form[name].data or "" for name in ("organization_name", "provider_pin") if name in form
    }
    details = {name: str(form[name].data) for name in _DETAILS if name in form and form[name].data}
    return OpenCase(
        audience=audience, request_type=form.request_type.data or "", description=form.description.data or "",
        is_secondary=bool(form["is_secondary"].data) if "is_secondary" in form else False,
        language=language_of_request(), details=details, files=checked_files(), **typed, **extra,
    )  # fmt: skip


def _tell(form: IntakeForm, refusal: Refusal) -> None:
    field, sentence = wording.why(refusal)
    if field in form:
        add_error(form[field], sentence)
    else:
        form.form_errors.append(sentence)


def _known(known: object) -> dict[str, str]:
    """What stands in the form already: the person's own name and address, and the organization as learned."""
    account = context.find_account()
    if account is None or _for_caller():
        return {}
    learned = getattr(known, "organization_name", "") or (GENERIC_ORGANIZATION if known else "")
    return {
        "first_name": account.first_name, "last_name": account.last_name, "email": account.email or "",
        "organization_name": "" if learned == GENERIC_ORGANIZATION else learned,
        "provider_pin": getattr(known, "provider_pin", "") or "",
    }  # fmt: skip
