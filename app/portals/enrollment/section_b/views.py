"""Section B in steps, its review, the button that completes it, and updates of what is approved."""

from uuid import UUID

from flask import Response, abort, url_for
from flask_babel import gettext as _

from app.domain.enrollment import fields
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.errors import CorrectionsOpen, Incomplete, NotNow
from app.domain.enrollment.update import BeginUpdate, begin_update, cancel_location_update
from app.portals.enrollment.portal import portal
from app.portals.enrollment.section_b.place import EDIT, ONE, VIEW, find_place
from app.portals.enrollment.section_b.review import section_of, show_review
from app.portals.enrollment.section_b.wording import DAYS, ELSEWHERE, HALVES, LEADS
from app.portals.enrollment.sections import turn_step
from app.portals.enrollment.start.forms import EmptyForm
from app.web import context
from app.web.answers import done, go, show
from app.web.enrollment_words import STEPS

B = f"{ONE}/section-b"
_TEMPLATES = {"hours": "enrollment/section_b/hours.html"}


@portal.page(B, needs=VIEW)
def section_b(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Where to go on: the first step that is not finished, or the whole."""
    place = find_place(enrollment_id, enrolled_location_id)
    section = section_of(place)
    following = section.first_unfinished() if place.may_edit and not place.corrections else None
    return go(section.page(following) if following else section.review)


@portal.page(f"{B}/review", needs=VIEW)
def section_b_review(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """All answers, storage units and providers, and what is missing."""
    return show_review(find_place(enrollment_id, enrolled_location_id), EmptyForm(formdata=None))


@portal.action(f"{B}/<step>", needs=EDIT)
def section_b_step(enrollment_id: UUID, enrolled_location_id: UUID, step: str) -> Response:
    """One step."""
    if step not in fields.STEPS_B:
        abort(404)
    place = find_place(enrollment_id, enrolled_location_id)
    if not place.may_edit:
        return go(place.review_url)
    section = section_of(place)
    return turn_step(
        section, step, _TEMPLATES.get(step, "enrollment/section_b/step.html"), titles=STEPS,
        step_titles=[STEPS[key] for key in section.steps], lead=LEADS[step], section_title=place.name,
        place=place, days=DAYS, halves=HALVES, labels_elsewhere=ELSEWHERE,
    )  # fmt: skip


@portal.action(f"{B}/complete", needs=EDIT, methods=("POST",))
def finish_section_b(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Section B is complete: it can be signed."""
    place, form = find_place(enrollment_id, enrolled_location_id), EmptyForm()
    if form.submitted():
        try:
            complete_section_b(context.db(), context.actor(), enrolled_location_id, now=context.now())
        except Incomplete:
            form.form_errors.append(_("Something is still missing. It is marked below."))
        except CorrectionsOpen:
            form.form_errors.append(
                _("The state asked for corrections that are still open. Look at each of them first.")
            )
        except NotNow:
            return place.refuse()
        else:
            context.wake("mail")
            url = url_for("enrollment.agreements", enrollment_id=enrollment_id)
            return done(url, _("Section B is complete. Now read and sign the documents below."))
    return show_review(place, form)


@portal.action(f"{B}/update", needs=EDIT, methods=("POST",))
def begin_location_update(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Open an approved location for changes."""
    place = find_place(enrollment_id, enrolled_location_id)
    if not EmptyForm().submitted():
        return go(place.review_url)
    try:
        begin_update(context.db(), context.actor(), BeginUpdate(enrollment_id, enrolled_location_id), now=context.now())
    except NotNow:
        return done(place.review_url, _("An update cannot be begun at the moment."), "warning")
    return done(place.review_url, _("You can change Section B now. What is approved stays in force meanwhile."))


@portal.action(f"{B}/update/give-up", needs=EDIT)
def give_up_location_update(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Ask once more, then bring the location back to what is approved."""
    place, form = find_place(enrollment_id, enrolled_location_id), EmptyForm()
    if form.submitted():
        try:
            cancel_location_update(context.db(), context.actor(), enrolled_location_id, now=context.now())
        except NotNow:
            return done(place.review_url, _("There is no update to give up."), "warning")
        return done(place.review_url, _("The update is given up. Everything is as it was approved."))
    return show("enrollment/section_b/give_up_update.html", form=form, place=place)
