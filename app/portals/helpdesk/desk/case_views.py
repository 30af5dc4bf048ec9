"""One case, as agents work on it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.accounts.access import Permission
from app.domain.errors import Refusal
from app.domain.helpdesk import desk, queries, run_workbook, states, work_case
from app.domain.helpdesk.attachments import get_attachment
from app.domain.helpdesk.errors import CaseChanged, RecordUnknown
from app.domain.helpdesk.link_by_code import ATTEMPT, link_by_code
from app.domain.helpdesk.lists import RESOLUTIONS
from app.domain.helpdesk.merge_cases import merge_cases
from app.domain.helpdesk.work_case import Reply, Seen
from app.portals.helpdesk import wording
from app.portals.helpdesk.desk import inserting
from app.portals.helpdesk.desk.forms import ActForm, LinkForm, MergeForm, NoteForm, ReplyForm, SortForm
from app.portals.helpdesk.desk.linked import details_of, records_shown, why_unknown
from app.portals.helpdesk.knowledge.suggesting import for_answer
from app.portals.helpdesk.portal import portal
from app.web import context
from app.web.answers import done, download, go, show
from app.web.case_files import checked_files, files_are_gone, look_at_files_first
from app.web.forms import Form, add_error, choices
from app.web.pencil import version_from

if TYPE_CHECKING:
    from app.domain.helpdesk.models import Case

_CASE = "/desk/cases/<number>"
_WORK = Permission.WORK_CASES
REPLIES: dict[str, Callable[..., "Case"]] = {
    "comment": work_case.comment_case,
    "ask": work_case.ask_for_information,
    "propose": work_case.propose_solution,
}
SORTS = ("assign", "hand_over", "retype")


@portal.page(_CASE, needs=_WORK)
def case_at_desk(number: str) -> Response:
    """Everything about a case, and what can be done with it."""
    case = queries.get_case(context.db(), context.actor(), number)
    parts, agent, case_id, now = context.database(), context.actor(), case.id, context.now()

    def note() -> None:
        with parts.transaction() as session:
            work_case.watch_case(session, agent, case_id, now=now)

    context.afterwards(note)
    context.note_reads("case.opened", queries.subjects_of(context.db(), case))
    return _show(case)


@portal.action(f"{_CASE}/take", needs=_WORK, methods=("POST",))
def take_case(number: str) -> Response:
    """I answer this one."""
    form = ActForm()
    return _do(number, form, lambda seen: work_case.take_case(context.db(), context.actor(), seen, **_when()))


@portal.action(f"{_CASE}/reply/<act>", needs=_WORK, first=look_at_files_first)
def reply_to_case(number: str, act: str) -> Response:
    """Write, ask, or propose a solution."""
    if act not in REPLIES:
        abort(404)
    form = ReplyForm()

    def reply(seen: Seen) -> "Case":
        answer = Reply(seen, form.text.data or "", checked_files())
        more = (form.resolution.data or "",) if act == "propose" else ()
        return REPLIES[act](context.db(), context.actor(), answer, *more, storage=context.storage(), **_when())

    return _do(number, form, reply, said=_said_of_reply)


@portal.action(f"{_CASE}/insert", needs=_WORK)
def insert_text(number: str) -> Response:
    """A ready answer or the link to an article is put below what was typed; nothing is sent yet."""
    case = queries.get_case(context.db(), context.actor(), number)
    if request.method != "POST":
        return go(url_for("helpdesk.case_at_desk", number=case.number))
    form = ReplyForm()
    form.text.data = inserting.below(form.text.data or "", inserting.text_of(case, request.form.get("insert", "")))
    if version_from(form.version.data) != case.version:
        _tell(form, CaseChanged(case.version))
    context.looked_only()
    files_are_gone(form)
    return _show(case, form, status=409 if form.form_errors else None)


@portal.action(f"{_CASE}/note", needs=_WORK)
def note_on_case(number: str) -> Response:
    """A note for agents."""
    form = NoteForm()
    return _do(
        number, form,
        lambda _seen: work_case.write_note(context.db(), context.actor(), number, form.text.data or "", **_when()),
    )  # fmt: skip


@portal.action(f"{_CASE}/sort/<act>", needs=_WORK, methods=("POST",))
def sort_case(number: str, act: str) -> Response:
    """Assign, hand over, or say what it is really about."""
    if act not in SORTS:
        abort(404)
    form = SortForm()

    def sort(seen: Seen) -> "Case":
        session, actor = context.db(), context.actor()
        if act == "assign":
            return work_case.assign_case(session, actor, seen, _id(form.agent.data), **_when())
        if act == "retype":
            return work_case.change_type(session, actor, seen, form.request_type.data or "", **_when())
        return work_case.hand_over(session, actor, seen, _id(form.team.data), form.why.data or "", **_when())

    return _do(number, form, sort)


@portal.action(f"{_CASE}/merge", needs=_WORK, methods=("POST",))
def merge_case(number: str) -> Response:
    """Join it with another case of the same requester."""
    form = MergeForm()
    return _do(
        number, form, lambda seen: merge_cases(context.db(), context.actor(), seen, form.into.data or "", **_when())
    )


@portal.page(f"{_CASE}/files/<uuid:attachment_id>", needs=_WORK)
def file_at_desk(number: str, attachment_id: UUID) -> Response:
    """One file of the case."""
    case = queries.get_case(context.db(), context.actor(), number)
    found = get_attachment(context.db(), case, attachment_id, for_agent=True)
    context.note_reads("case.file_opened", queries.subjects_of(context.db(), case))
    return download(context.storage().get(found.storage_key), found.filename, found.media_type)


@portal.action(f"{_CASE}/link", needs=_WORK, methods=("POST",))
def link_case(number: str) -> Response:
    """Say which record it is about, by what the caller reads out."""
    form = LinkForm()

    def link(seen: Seen) -> "Case":
        try:
            return link_by_code(context.db(), context.actor(), seen, form.record.data or "", **_when())
        except RecordUnknown:
            parts, who, now = context.database(), str(context.actor().id), context.now()
            context.afterwards(lambda: attempts.note(parts, ATTEMPT, who, now=now))
            raise

    return _do(number, form, link)


def _said_of_reply(case: "Case") -> str:
    if case.email:
        return _("Sent. The requester gets a mail with a link to it.")
    return _("Kept. No mail goes out: call %(name)s and tell it, please.", name=case.full_name)


def _do(
    number: str, form: Any, act: Callable[[Seen], "Case"], said: Callable[["Case"], str] = lambda _case: _("Done.")
) -> Response:
    """Run an act on the version that was looked at; refused, the page comes back with what was typed.

    It does so, too, after somebody had to sign in anew: then by a GET.
    """
    case = queries.get_case(context.db(), context.actor(), number)
    if request.method != "POST" and "resume" not in request.args:
        return go(url_for("helpdesk.case_at_desk", number=case.number))
    status = None
    if form.submitted():
        try:
            kept = act(Seen(case.number, version_from(form.version.data)))
        except Refusal as refusal:
            status = 409 if isinstance(refusal, CaseChanged | states.NotNow) else 422
            _tell(form, refusal)
            context.db().refresh(case)
            if "files" in form:
                files_are_gone(form)
        else:
            context.wake("mail")
            return done(url_for("helpdesk.case_at_desk", number=kept.number), said(kept))
    return _show(case, form, status=status or (422 if form.errors else None))


def _show(case: "Case", used: Form | None = None, *, status: int | None = None) -> Response:
    files = queries.files_of(context.db(), case)
    session, kinds = context.db(), (ReplyForm, NoteForm, SortForm, MergeForm, LinkForm)
    forms: list[Any] = [used if type(used) is kind else kind(formdata=None) for kind in kinds]
    for form in forms:
        form.version.data = str(case.version)
        for field in form:
            field.id = f"{type(form).__name__}-{field.short_name}"
    reply, note, sort, merge, link = forms
    reply.resolution.choices = choices([(one.code, _(one.label)) for one in RESOLUTIONS.entries], empty="")
    agents = queries.agents(session)
    sort.agent.choices = choices([(str(agent.id), agent.full_name) for agent in agents], empty="")
    sort.team.choices = choices([(str(team.id), team.name) for team in desk.teams(session)], empty="")
    types = [kind for kind in desk.all_request_types(session) if kind.audience == case.audience]
    sort.request_type.choices = choices([(kind.code, wording.about(kind)) for kind in types])
    if used is None:
        sort.request_type.data = case.request_type.code
    return show(
        "helpdesk/desk/case.html", case=case, words=wording, reply=reply, note=note, sort=sort, merge=merge, link=link,
        lines=queries.conversation(session, case, for_agent=True), files=files,
        runs=run_workbook.runs_of(session, case) if case.request_type.workbook else [],
        runnable=[file for file in files if run_workbook.can_run(case, file)],
        acts=states.acts(case.status, "agent"), act_form=ActForm(formdata=None), used=used,
        mine=case.assigned_to_id == context.actor().id,
        agent=next((agent for agent in agents if agent.id == case.assigned_to_id), None),
        others=queries.others_watching(session, context.actor(), case, now=context.now()),
        ready=inserting.ready(case), articles=for_answer(case.description, case.audience, case.language),
        all_articles=inserting.articles(case), records=records_shown(case), details=details_of(case), status=status,
    )  # fmt: skip


def _when() -> dict[str, Any]:
    return {"now": context.now(), "today": context.today()}


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)


def _tell(form: Form, refusal: Refusal) -> None:
    field, sentence = ("record", why_unknown(refusal)) if isinstance(refusal, RecordUnknown) else wording.why(refusal)
    if field in form:
        add_error(form[field], sentence)
    else:
        form.form_errors.append(sentence)
