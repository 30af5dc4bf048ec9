"""The workbook of a case: for which place it is, what it holds, and running it."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.documents.workbooks.of_case import result_of_short
from app.domain.accounts.access import Permission
from app.domain.errors import NotFound
from app.domain.helpdesk import queries, run_workbook
from app.domain.helpdesk.attachments import get_attachment
from app.domain.helpdesk.run_workbook import CannotRun, LookThrough
from app.domain.helpdesk.workbook_places import find_places
from app.portals.helpdesk.desk.workbook_forms import PlaceForm, RunForm
from app.portals.helpdesk.portal import portal
from app.web import context
from app.web.answers import done, go, show
from app.web.repeats import unchanged
from app.web.upload_form import how_far

if TYPE_CHECKING:
    from app.domain.helpdesk.models import WorkbookRun

_CASE = "/desk/cases/<number>"
_NEEDS = Permission.RUN_WORKBOOKS
CHECK, UPLOADS, MAIL = "workbooks", "uploads", "mail"


@portal.action(f"{_CASE}/workbooks/<uuid:attachment_id>", needs=_NEEDS)
def workbook_place(number: str, attachment_id: UUID) -> Response:
    """For which place is it? Choosing one looks the file through; nothing is taken yet."""
    case = queries.get_case(context.db(), context.actor(), number)
    file = run_workbook.runnable(case, get_attachment(context.db(), case, attachment_id, for_agent=True))
    form, kind = PlaceForm(), case.request_type.workbook
    if form.submitted():
        command = LookThrough(number, file.id, form.place_kind.data or "", _id(form.place_id.data))
        run = run_workbook.look_through(
            context.db(), context.actor(), command, storage=context.storage(), now=context.now(), today=context.today()
        )
        context.wake(CHECK)
        return go(url_for("helpdesk.workbook_run", number=number, run_id=run.id))
    typed = request.args.get("find", "")[:100]
    return show(
        "helpdesk/desk/workbook_place.html", case=case, file=file, form=form, typed=typed, kind=kind,
        places=find_places(context.db(), context.actor(), kind, typed),
    )  # fmt: skip


@portal.action(f"{_CASE}/runs/<uuid:run_id>", needs=_NEEDS)
def workbook_run(number: str, run_id: UUID) -> Response:
    """What the file holds, the button to run it, how far it is, and what came of it."""
    case, run = run_workbook.get_run(context.db(), context.actor(), number, run_id)
    upload = run_workbook.upload_of(context.db(), run)
    if same := unchanged(how_far(upload, run.status)):
        return same
    form = RunForm(recipients=run.kind == "recipients")
    if form.submitted():
        try:
            return _run(number, run)
        except CannotRun as refusal:
            context.db().rollback()
            case, run = run_workbook.get_run(context.db(), context.actor(), number, run_id)
            form.form_errors.append(_why(refusal))
    elif not form.errors:
        context.note_read("case.workbook_seen", "case", case.id, run.place_id)
    return show(
        "helpdesk/desk/workbook_run.html", fragment="progress", case=case, run=run, form=form,
        upload=upload, seen=how_far(upload, run.status),
    )  # fmt: skip


def _run(number: str, run: "WorkbookRun") -> Response:
    session, actor, storage = context.db(), context.actor(), context.storage()
    now, today = context.now(), context.today()
    if run.kind == "recipients":
        run_workbook.run_recipients(session, actor, number, run.id, storage=storage, now=now, today=today)
        context.wake(UPLOADS)
        return done(url_for("helpdesk.workbook_run", number=number, run_id=run.id))
    run, came = run_workbook.run_short(session, actor, number, run.id, storage=storage, now=now)
    text, files = result_of_short(run, came)
    run_workbook.give_back(session, actor, run, text, files, storage=storage, now=now, today=today)
    context.wake(MAIL)
    return done(
        url_for("helpdesk.case_at_desk", number=number), _("The workbook was run; the requester is told what came of it.")
    )


def _why(refusal: CannotRun) -> str:
    return {
        "closed": _("This location is closed: nothing can be run for it."),
        "stage": _(
            "The enrollment of this location is at a stage where its list cannot be changed. Ask the requester to begin "
            "an update first, or wait until the review is over."
        ),
        "sent_before": _("This very file was taken for this place before. Nothing was done twice."),
        "own_case": _("This request is your own. Ask another agent to run it."),
    }.get(refusal.why, _("This was run already. Look at what came of it."))


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as error:
        raise NotFound from error
