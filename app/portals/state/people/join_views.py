"""Two records of one person are joined detail by detail, and separated where that was a mistake."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import Conflict
from app.domain.organizations.names import names_of_organizations
from app.domain.recipients.closing.queries import find_by_code
from app.domain.recipients.finding.whole_person import find_person
from app.domain.recipients.merging.errors import ChangedSince, SamePerson, UndoLaterFirst
from app.domain.recipients.merging.fields import KEPT
from app.domain.recipients.merging.history import get_merge, list_merges
from app.domain.recipients.merging.merge_people import Beside, MergePeople, lay_beside, merge_people
from app.domain.recipients.merging.separate import SeparateRecords, separate_records
from app.domain.vaccinations.doubled_doses import DosePair, doubled_doses, mark_doubled
from app.domain.vaccinations.errors import DoseChanged
from app.portals.state.people import wording
from app.portals.state.people.forms import BOTH, JoinForm, OtherForm, UndoForm, join_form
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request
from app.web.shown import note_shown

_MERGE = Permission.MERGE_PEOPLE


@portal.action("/people/<uuid:person_id>/join", needs=_MERGE)
def choose_other(person_id: UUID) -> Response:
    """Which second record? It is named by its code, which stands on its page."""
    found, form = find_person(db(), actor(), person_id), OtherForm()
    if form.submitted():
        other = find_by_code(db(), actor(), form.code.data or "", now=now())
        if other is not None and other.id != found.id:
            return done(url_for("state.join", person_id=found.id, other_person_id=other.id))
        none = _("No record has this code. Check it letter by letter")
        add_error(form.code, none if other is None else _("This is the code of the same record"))
    return show("state/people/choose_other.html", form=form, recipient=found)


@portal.action("/people/<uuid:person_id>/join/<uuid:other_person_id>", needs=_MERGE)
def join(person_id: UUID, other_person_id: UUID) -> Response:
    """The choice of each detail in which they differ, and the joining."""
    try:
        found = lay_beside(db(), actor(), person_id, other_person_id)
    except SamePerson:
        return done(url_for("state.person", person_id=person_id), _("These records are of one person already."), "info")
    doubled = doubled_doses(db(), actor(), found.kept.id, found.other.id)
    employers = names_of_organizations(db(), {found.kept.organization_id, found.other.organization_id})
    form = join_form(found, doubled, dict(employers))
    if form.submitted():
        return _join(found, form, doubled)
    for record in (found.kept, found.other):
        context.note_read("recipient.compared", "recipient", record.id)
    return show(
        "state/people/join.html", form=form, found=found,
        lines=wording.compare(found.kept, found.other, found.agreement, employers),
    )  # fmt: skip


@portal.page("/people/joined", needs=_MERGE)
def merges() -> Response:
    """Everything that was joined, newest first."""
    found = list_merges(db(), actor(), after=after_from_request())
    note_shown("recipient.shown_in_list", (record.id for one in found.items for record in one.people))
    return show("state/people/merges.html", merges=found.items, pager=Pager(found), words=wording)


@portal.action("/people/joined/<uuid:merge_id>/undo", needs=_MERGE)
def separate(merge_id: UUID) -> Response:
    """They are two people after all."""
    found, form = get_merge(db(), actor(), merge_id), UndoForm()
    back = url_for("state.person", person_id=found.kept.id)
    if not found.can_be_undone:
        told = _("This was undone already, or the record was joined with another one since: undo that first.")
        return done(back, told, "info")
    if form.submitted():
        command = SeparateRecords(merge_id, form.because.data or "")
        try:
            separate_records(db(), actor(), command, today=today(), now=now())
        except (Conflict, UndoLaterFirst):
            return done(back, _("Somebody changed it meanwhile: look again."), "info")
        _wake()
        return done(back, _("They are two people again, as before. What happened since stayed with this record."))
    context.note_read("recipient.compared", "recipient", found.other.id)
    return show("state/people/separate.html", form=form, found=found, back=back, words=wording)


def _join(found: Beside, form: JoinForm, doubled: list[DosePair]) -> Response:
    again = url_for("state.join", person_id=found.kept.id, other_person_id=found.other.id)
    died = {"yes": True, "no": False}.get(form.died.data) if found.one_died else None
    command = MergePeople(
        found.kept.id, found.other.id, form.looked_at(), form.chosen(), form.account.data if found.two_accounts else "",
        died,
    )  # fmt: skip
    marked = []
    for pair, field in zip(doubled, form.doses(), strict=True):
        if field.data != BOTH:
            ids = (pair.one.id, pair.other.id)
            marked.append(ids if field.data == KEPT else ids[::-1])
    try:
        with db().begin_nested():
            merge = merge_people(db(), actor(), command, today=today(), now=now())
            mark_doubled(db(), actor(), merge.id, marked, now=now())
    except SamePerson:
        return done(url_for("state.person", person_id=found.kept.id), _("Somebody joined them meanwhile."), "info")
    except (ChangedSince, DoseChanged):
        told = _("One of the records changed while you were looking. Check the details once more.")
        return done(again, told, "warning")
    _wake()
    told = _("Joined: the record of %(name)s holds what both held.", name=found.kept.full_name)
    return done(url_for("state.person", person_id=found.kept.id), told)


def _wake() -> None:
    """Proofs are made anew, and pairs looked for once more."""
    for job in ("proofs", "mail", "pairs"):
        context.wake(job)
