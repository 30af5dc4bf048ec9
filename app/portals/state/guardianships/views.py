"""Guardians who wait to be confirmed, disputed guardianships, and records closed by death."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import Conflict
from app.domain.recipients.closing.close_record import (
    CloseRecord,
    ImpossibleDay,
    OpenRecordAgain,
    close_record,
    open_record_again,
)
from app.domain.recipients.closing.queries import find_by_code, get_record
from app.domain.recipients.guardians.decide import (
    DecideGuardianship,
    EndGuardianship,
    decide_guardianship,
    end_guardianship,
)
from app.domain.recipients.guardians.errors import NotAMinor
from app.domain.recipients.guardians.queries import get_guardianship, names_of, undecided
from app.portals.state.guardianships.forms import AgainForm, CloseForm, CodeForm, EndForm
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now, settings
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request
from app.web.shown import note_shown

_DECIDE, _CLOSE = Permission.DECIDE_GUARDIANSHIPS, Permission.CLOSE_RECORDS


@portal.action("/guardianships", needs=_DECIDE)
def guardianships() -> Response:
    """What waits, and a record found by its code."""
    form = CodeForm()
    if form.submitted():
        found = find_by_code(db(), actor(), form.code.data or "", now=now())
        if found is not None:
            return done(url_for("state.person", person_id=found.id))
        add_error(form.code, _("No record has this code. Ask for it once more, letter by letter"))
    waiting = undecided(db(), actor(), after=after_from_request())
    names = names_of(db(), {one.dependant_id for one in waiting.items} | {one.guardian_id for one in waiting.items})
    note_shown("recipient.shown_in_list", names)
    return show("state/guardianships/list.html", form=form, waiting=waiting.items, names=names, pager=Pager(waiting))


@portal.action("/guardianships/<uuid:guardianship_id>", needs=_DECIDE)
def guardianship(guardianship_id: UUID) -> Response:
    """The child as the guardian entered it, beside the record on file; is it the same?"""
    found = get_guardianship(db(), actor(), guardianship_id)
    if request.method == "POST":
        command = DecideGuardianship(guardianship_id, same=request.form.get("decision") == "same")
        try:
            decide_guardianship(db(), actor(), command, zone=settings().zone, now=now())
        except Conflict:
            return done(url_for("state.guardianships"), _("Somebody decided it meanwhile."), "info")
        except NotAMinor:
            told = _("The person on file is 18 or older, and nobody acts for adults. Nothing was changed.")
            return done(url_for("state.guardianship", guardianship_id=guardianship_id), told, "error")
        return done(url_for("state.guardianships"), _("Decided."))
    ids = {id_ for id_ in (found.dependant_id, found.possible_id, found.guardian_id) if id_}
    note_shown("recipient.compared", ids - {found.guardian_id})
    note_shown("recipient.shown_in_list", [found.guardian_id])
    return show("state/guardianships/decide.html", found=found, records=names_of(db(), ids))


@portal.action("/guardianships/<uuid:guardianship_id>/end", needs=_DECIDE)
def end_of_guardianship(guardianship_id: UUID) -> Response:
    """A disputed one ends, with a reason."""
    found, form = get_guardianship(db(), actor(), guardianship_id), EndForm()
    back = url_for("state.person", person_id=found.dependant_id)
    if form.submitted():
        end_guardianship(db(), actor(), EndGuardianship(guardianship_id, form.because.data or ""), now=now())
        return done(back, _("The guardian cannot open the record any more."))
    return show("state/guardianships/end.html", form=form, back=back)


@portal.action("/people/<uuid:person_id>/close", needs=_CLOSE)
def close_person(person_id: UUID) -> Response:
    """The person has died."""
    found, form = get_record(db(), actor(), person_id), CloseForm()
    back = url_for("state.person", person_id=found.id)
    if form.submitted():
        try:
            close_record(db(), actor(), CloseRecord(found.id, form.died_on.data), now=now(), today=context.today())
        except ImpossibleDay:
            add_error(form.died_on, _("Enter a day after the birth, and not one to come"))
        else:
            return done(back, _("The record is closed. Nobody is mailed about it any more."))
    return show("state/guardianships/close.html", form=form, back=back, recipient=found)


@portal.action("/people/<uuid:person_id>/open-again", needs=_CLOSE)
def open_person_again(person_id: UUID) -> Response:
    """It was a mistake: the person lives."""
    found, form = get_record(db(), actor(), person_id), AgainForm()
    back = url_for("state.person", person_id=found.id)
    if form.submitted():
        try:
            mistake = OpenRecordAgain(found.id, form.because.data or "")
            open_record_again(db(), actor(), mistake, now=now(), today=context.today())
        except Conflict:
            return done(back, _("The record is not closed."), "info")
        return done(back, _("The record is open again."))
    return show("state/guardianships/again.html", form=form, back=back, recipient=found)
