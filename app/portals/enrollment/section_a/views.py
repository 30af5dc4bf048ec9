"""Section A in steps, its review, and the button that completes it."""

from typing import Any
from uuid import UUID

from flask import Response, abort, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.enrollment import fields, states
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.dossier import load_dossier
from app.domain.enrollment.duties import missing_in_location
from app.domain.enrollment.errors import CorrectionsOpen, Incomplete, NotNow
from app.domain.enrollment.queries import corrections_of, get_enrollment
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.portals.enrollment.portal import portal
from app.portals.enrollment.questions import Typed
from app.portals.enrollment.sections import Section, turn_step
from app.portals.enrollment.start.forms import EmptyForm
from app.web import context
from app.web.answers import done, go, show
from app.web.enrollment_words import STEPS, in_words, label_of

PLACE = "/<uuid:enrollment_id>/section-a"
_VIEW, _EDIT = Permission.VIEW_SECTION_A, Permission.EDIT_SECTION_A
_LEADS = {
    "organization": _l("The legal entity that signs the agreement, with its own address."),
    "administrator": _l("You, or whoever answers questions about this application."),
    "redistribution": _l(
        "Redistribution means that one location receives vaccine and passes some of it on to others. "
        "It needs a supplemental agreement that the CEO and the CMO sign, too."
    ),
    "cmo": _l("The physician or other prescriber who is responsible for the vaccinations of all locations."),
    "ceo": _l("The Chief Executive Officer, or the person who may bind the organization by a signature."),
}
_HINTS = {
    "legal_name": _l("As in the organization's legal papers."),
    "redistribution": _l("If you do not know yet, choose No. You can change it later."),
    "officer_cmo_email": _l("The invitation to sign goes to this address, so it must be the CMO's own."),
    "officer_ceo_email": _l("The invitation to sign goes to this address, so it must be the CEO's own."),
}


@portal.page(PLACE, needs=_VIEW)
def section_a(enrollment_id: UUID) -> Response:
    """All answers of Section A, what is missing, and how many locations there are."""
    return _show_review(enrollment_id, EmptyForm(formdata=None))


@portal.action(f"{PLACE}/<step>", needs=_EDIT)
def section_a_step(enrollment_id: UUID, step: str) -> Response:
    """One step."""
    if step not in fields.STEPS_A:
        abort(404)
    section = _section(enrollment_id)
    if section.subject.status not in states.EDITABLE:  # type: ignore[attr-defined]
        return go(section.review)
    return turn_step(
        section, step, "enrollment/_step.html", titles=STEPS, step_titles=[STEPS[key] for key in section.steps],
        lead=_LEADS[step], section_title=_("Where it stands"),
    )  # fmt: skip


@portal.action(f"{PLACE}/complete", needs=_EDIT, methods=("POST",))
def finish_section_a(enrollment_id: UUID) -> Response:
    """Section A is complete: the Vaccine Coordinators are invited."""
    form = EmptyForm()
    if form.submitted():
        try:
            complete_section_a(context.db(), context.actor(), enrollment_id, now=context.now())
        except Incomplete:
            form.form_errors.append(_("Something is still missing. It is listed below."))
        except CorrectionsOpen:
            form.form_errors.append(
                _("The state asked for corrections that are still open. Look at each of them first.")
            )
        except NotNow:
            form.form_errors.append(_("Section A cannot be completed at the moment."))
        else:
            context.wake("mail")
            url = url_for("enrollment.overview", enrollment_id=enrollment_id)
            return done(url, _("Section A is complete. The Vaccine Coordinators are told by mail."))
    return _show_review(enrollment_id, form)


def _section(enrollment_id: UUID) -> Section:
    session, actor = context.db(), context.actor()
    found = get_enrollment(session, actor, enrollment_id)

    def save(answers: Typed, version: int, seen: Typed | None) -> object:
        command = SaveSectionA(enrollment_id, answers, version, seen)
        return save_section_a(session, actor, command, now=context.now())

    return Section(
        kind="enrollment section a",
        subject=found,
        asked={step: fields.fields_of("a", step) for step in fields.STEPS_A},
        save=save,
        page=lambda step: url_for("enrollment.section_a_step", enrollment_id=enrollment_id, step=step),
        review=url_for("enrollment.section_a", enrollment_id=enrollment_id),
        away=url_for("enrollment.overview", enrollment_id=enrollment_id),
        corrections=corrections_of(session, actor, found),
        hints=_HINTS,
    )


def _show_review(enrollment_id: UUID, form: EmptyForm) -> Response:
    section = _section(enrollment_id)
    enrollment: Any = section.subject
    dossier = load_dossier(context.db(), enrollment)
    unfinished = [one for one in dossier.covered if missing_in_location(one)]
    may_edit = context.actor().may(_EDIT, at=enrollment_id) and enrollment.status in states.EDITABLE
    is_ready = section.first_unfinished() is None and bool(dossier.covered) and not unfinished
    return show(
        "enrollment/section_a/review.html", form=form, enrollment=enrollment, section=section, titles=STEPS,
        rows={step: list(_rows(section, step)) for step in section.steps}, may_edit=may_edit, is_ready=is_ready,
        can_complete=may_edit and not enrollment.section_a_done, locations=len(dossier.covered), unfinished=unfinished,
        label_of=label_of,
    )  # fmt: skip


def _rows(section: Section, step: str) -> Any:
    """Label, answer and whether it is missing, of every question that applies."""
    answers = section.subject.answers
    for field in section.asked[step]:
        if field.applies(answers) or answers.get(field.key):
            text = in_words(field, answers.get(field.key))
            yield _(field.label), text, field.is_required(answers) and not text, section.asked_of(field.key)
