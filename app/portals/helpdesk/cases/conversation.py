"""A case as its requester sees it, by a mail's link or signed in: the same page, the same acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, abort
from flask_babel import gettext as _

from app.domain.accounts.access import Actor
from app.domain.errors import Refusal
from app.domain.helpdesk import states
from app.domain.helpdesk.answer_case import (
    AnswerCase,
    accept_solution,
    answer_case,
    may_reopen,
    rate_case,
    withdraw_case,
)
from app.domain.helpdesk.attachments import get_attachment
from app.domain.helpdesk.queries import conversation, files_of
from app.portals.helpdesk import wording
from app.portals.helpdesk.cases.forms import ActForm, AnswerForm, RateForm
from app.web import context
from app.web.answers import done, download, show
from app.web.case_files import checked_files, files_are_gone
from app.web.forms import Form, add_error

if TYPE_CHECKING:
    from app.domain.helpdesk.models import Case

ACTS = {"accept": accept_solution, "withdraw": withdraw_case}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads which case, and the addresses of its pages: `url("answer")`, `url("file", attachment_id=…)`."""

    actor: Actor
    case: "Case"
    url: Callable[..., str]


def case_page(reader: Reader, *, form: AnswerForm | None = None, rating: RateForm | None = None) -> Response:
    """The whole conversation, and what can be done now."""
    case, session = reader.case, context.db()
    return show(
        "helpdesk/cases/case.html", case=case, words=wording, url=reader.url, form=form or AnswerForm(),
        rating=rating or (RateForm() if case.status == states.CLOSED else None),
        lines=conversation(session, case, for_agent=False), files=files_of(session, case),
        acts=states.acts(case.status, "requester"), act_form=ActForm(),
        may_reopen=may_reopen(session, case, today=context.today()),
        status=422 if (form and form.errors) or (rating and rating.errors) else None,
    )  # fmt: skip


def answer_page(reader: Reader) -> Response:
    """The requester answers; what was typed is shown again where it is refused."""
    form = AnswerForm()
    if not form.submitted():
        files_are_gone(form)
        return case_page(reader, form=form)
    try:
        answer_case(
            context.db(), reader.actor, AnswerCase(reader.case.number, form.text.data or "", checked_files()),
            storage=context.storage(), now=context.now(), today=context.today(),
        )  # fmt: skip
    except Refusal as refusal:
        _tell(form, refusal)
        files_are_gone(form)
        return case_page(reader, form=form)
    return done(reader.url("page"), _("Your answer is sent. You get a mail when there is news."))


def act_page(reader: Reader, act: str) -> Response:
    """Accept the solution, or say that no more help is needed."""
    if act not in ACTS:
        abort(404)
    if ActForm().submitted():
        try:
            ACTS[act](context.db(), reader.actor, reader.case.number, now=context.now(), today=context.today())
        except states.NotNow as refusal:
            return done(reader.url("page"), wording.why(refusal)[1], "warning")
        return done(reader.url("page"), _("Thank you. The request is closed."))
    return case_page(reader)


def rate_page(reader: Reader) -> Response:
    """How it was."""
    form = RateForm()
    if not form.submitted():
        return case_page(reader, rating=form)
    try:
        rate_case(
            context.db(), reader.actor, reader.case.number, int(form.score.data), form.text.data or "",
            now=context.now(),
        )  # fmt: skip
    except Refusal as refusal:
        _tell(form, refusal)
        return case_page(reader, rating=form)
    return done(reader.url("page"), _("Thank you for telling us."))


def file_download(reader: Reader, attachment_id: UUID) -> Response:
    """One file, to keep."""
    found = get_attachment(context.db(), reader.case, attachment_id)
    return download(context.storage().get(found.storage_key), found.filename, found.media_type)


def _tell(form: Form, refusal: Refusal) -> None:
    field, sentence = wording.why(refusal)
    if field in form:
        add_error(form[field], sentence)
    else:
        form.form_errors.append(sentence)
