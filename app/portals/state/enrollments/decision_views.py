"""What staff decide about an application: corrections, return, approve, deny, open again, disenroll."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.enrollment import corrections as asked
from app.domain.enrollment import fields, queries
from app.domain.enrollment.approve import ApproveLocation, approve_enrollment, approve_location, suggest_pin
from app.domain.enrollment.deny import Deny, DenySectionA, Reopen, deny_location, deny_section_a, reopen_location
from app.domain.enrollment.disenroll import Disenroll, disenroll_location
from app.domain.enrollment.errors import NoCorrections, NothingToDecide, NotNow
from app.domain.errors import NotFound
from app.domain.providers.add_location import BadPin, NcidTaken, PinTaken
from app.portals.state.enrollments.forms import (
    ApproveForm,
    ButtonForm,
    CorrectionForm,
    DenyForm,
    DisenrollForm,
    ReopenForm,
    ReturnForm,
)
from app.portals.state.portal import portal
from app.web import context, enrollment_words
from app.web.answers import done, show
from app.web.forms import Form, add_error

_REVIEW = Permission.REVIEW_ENROLLMENTS
_ONE = "/enrollments/<uuid:enrollment_id>"
_PLACE = f"{_ONE}/locations/<uuid:enrolled_location_id>"


def _page_of(enrollment_id: UUID, enrolled_location_id: UUID | None = None) -> str:
    if enrolled_location_id is None:
        return url_for("state.enrollment", enrollment_id=enrollment_id)
    return url_for("state.enrolled_location", enrollment_id=enrollment_id, enrolled_location_id=enrolled_location_id)


def _decided() -> str:
    return _("Somebody decided this already. This is how it stands now.")


@portal.action(f"{_ONE}/corrections/new", needs=_REVIEW)
def ask_correction(enrollment_id: UUID) -> Response:
    """A comment on one field of Section A, or of a location."""
    place_id = _place_id()
    enrollment = queries.get_enrollment(context.db(), context.actor(), enrollment_id)
    place = (
        queries.get_enrolled_location(context.db(), context.actor(), place_id, enrollment_id=enrollment_id)
        if place_id
        else None
    )
    key = request.args.get("field", "")
    known = fields.OF_LOCATION if place else fields.OF_ENROLLMENT
    if not asked.can_be_corrected(key, of_location=place is not None):
        raise NotFound
    form, back = CorrectionForm(), _page_of(enrollment_id, place_id)
    if form.submitted():
        command = asked.AskCorrection(enrollment_id, key, form.comment.data or "", place_id)
        try:
            asked.ask_correction(context.db(), context.actor(), command, now=context.now())
        except (NothingToDecide, NotNow):
            return done(back, _decided(), "warning")
        return done(back, _("The correction is noted. It is sent when you return the application."))
    subject = place or enrollment
    field = known.get(key)
    answer = enrollment_words.in_words(field, subject.answers.get(key, "")) if field else ""
    label = enrollment_words.label_of(key, of_location=place is not None)
    return show("state/enrollments/correction.html", form=form, back=back, label=label, answer=answer, subject=subject)


@portal.action(f"{_ONE}/corrections/<uuid:correction_id>/withdraw", needs=_REVIEW, methods=("POST",))
def withdraw_correction(enrollment_id: UUID, correction_id: UUID) -> Response:
    """Take back a correction that was not sent yet."""
    queries.get_enrollment(context.db(), context.actor(), enrollment_id)
    asked.withdraw_correction(context.db(), context.actor(), correction_id, now=context.now())
    return done(_page_of(enrollment_id, _place_id()), _("The correction is taken back."))


@portal.action(f"{_ONE}/return", needs=_REVIEW)
def return_enrollment(enrollment_id: UUID) -> Response:
    """Send the application back with its corrections."""
    form = ReturnForm()
    enrollment = queries.get_enrollment(context.db(), context.actor(), enrollment_id)
    if form.submitted():
        command = asked.ReturnEnrollment(enrollment_id, form.message.data or "")
        try:
            asked.return_enrollment(context.db(), context.actor(), command, now=context.now())
        except NoCorrections:
            form.form_errors.append(
                _("First ask for a correction beside at least one field; then return the application")
            )
        except (NothingToDecide, NotNow):
            return done(_page_of(enrollment_id), _decided(), "warning")
        else:
            context.wake("mail")
            return done(_page_of(enrollment_id), _("The application is returned. Mails tell what to correct."))
    return show("state/enrollments/return.html", form=form, back=_page_of(enrollment_id), enrollment=enrollment)


@portal.action(f"{_ONE}/approve", needs=_REVIEW, methods=("POST",))
def approve_section_a(enrollment_id: UUID) -> Response:
    """Approve an update of Section A where no location waits."""
    if not ButtonForm().submitted():
        return done(_page_of(enrollment_id))
    try:
        approve_enrollment(context.db(), context.actor(), enrollment_id, now=context.now())
    except (NothingToDecide, NotNow):
        return done(_page_of(enrollment_id), _decided(), "warning")
    context.wake("mail")
    return done(_page_of(enrollment_id), _("The update is approved."))


@portal.action(f"{_ONE}/deny", needs=_REVIEW)
def deny_changes_of_section_a(enrollment_id: UUID) -> Response:
    """An update of Section A is denied; what was approved stays."""
    subject = queries.get_enrollment(context.db(), context.actor(), enrollment_id)

    def deny(form: DenyForm) -> None:
        command = DenySectionA(enrollment_id, form.why.data or "")
        deny_section_a(context.db(), context.actor(), command, now=context.now())

    texts = (_("Deny the changes of Section A"), _("The changes are denied. What was approved stays in force."))
    return _ask_reason(subject, _page_of(enrollment_id), DenyForm(), deny, texts)


@portal.action(f"{_PLACE}/approve", needs=_REVIEW)
def approve_enrolled_location(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """The location joins: it gets its identifiers and its first Location Manager is invited."""
    form = ApproveForm(data={"provider_pin": suggest_pin(context.db())})
    place = queries.get_enrolled_location(
        context.db(), context.actor(), enrolled_location_id, enrollment_id=enrollment_id
    )
    back = _page_of(enrollment_id, enrolled_location_id)
    if form.submitted():
        command = ApproveLocation(enrolled_location_id, form.provider_pin.data or "")
        try:
            approve_location(context.db(), context.actor(), command, now=context.now())
        except BadPin:
            add_error(form.provider_pin, _("Enter the Provider PIN, six digits"))
        except PinTaken:
            add_error(form.provider_pin, _("Another location has this PIN. Choose another one"))
        except NcidTaken:
            form.form_errors.append(
                _("The NCID of the first Location Manager belongs to somebody already. Ask for a correction of it")
            )
        except (NothingToDecide, NotNow):
            return done(back, _decided(), "warning")
        else:
            context.wake("mail")
            return done(back, _("%(name)s is approved. The first Location Manager is invited.", name=place.name))
    return show("state/enrollments/approve.html", form=form, back=back, location=place)


@portal.action(f"{_PLACE}/deny", needs=_REVIEW)
def deny_enrolled_location(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """The location does not join; why goes into the mail."""

    def deny(form: DenyForm) -> None:
        command = Deny(enrolled_location_id, form.why.data or "")
        deny_location(context.db(), context.actor(), command, now=context.now())

    texts = (_("Deny this location"), _("The location is denied."))
    return _with_reason(enrollment_id, enrolled_location_id, DenyForm(), deny, texts)


@portal.action(f"{_PLACE}/reopen", needs=_REVIEW)
def reopen_enrolled_location(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """A denied location may be corrected and submitted once more."""

    def reopen(form: ReopenForm) -> None:
        command = Reopen(enrolled_location_id, form.why.data or "")
        reopen_location(context.db(), context.actor(), command, now=context.now())

    texts = (_("Open this location again"), _("The location is open again."))
    return _with_reason(enrollment_id, enrolled_location_id, ReopenForm(), reopen, texts)


@portal.action(f"{_PLACE}/disenroll", needs=_REVIEW)
def disenroll_enrolled_location(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """An approved location leaves the program."""

    def disenroll(form: DisenrollForm) -> None:
        command = Disenroll(enrolled_location_id, form.why.data or "")
        disenroll_location(context.db(), context.actor(), command, now=context.now())

    texts = (_("Disenroll this location"), _("The location is no longer enrolled."))
    return _with_reason(enrollment_id, enrolled_location_id, DisenrollForm(), disenroll, texts)


def _with_reason(
    enrollment_id: UUID, place_id: UUID, form: Form, act: Callable[[Any], None], texts: tuple[str, str]
) -> Response:
    place = queries.get_enrolled_location(context.db(), context.actor(), place_id, enrollment_id=enrollment_id)
    return _ask_reason(place, _page_of(enrollment_id, place_id), form, act, texts)


def _ask_reason(subject: Any, back: str, form: Form, act: Callable[[Any], None], texts: tuple[str, str]) -> Response:
    if form.submitted():
        try:
            act(form)
        except (NothingToDecide, NotNow):
            return done(back, _decided(), "warning")
        context.wake("mail")
        return done(back, texts[1])
    return show("state/enrollments/reason.html", form=form, back=back, subject=subject, heading=texts[0])


def _place_id() -> UUID | None:
    text = request.args.get("location", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None
