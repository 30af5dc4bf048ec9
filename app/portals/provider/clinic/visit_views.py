"""One visit: screening, the dose, or an end without one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.eligibility.status import status_of
from app.domain.errors import Refusal
from app.domain.inventory.errors import LotUnusable, NoDosesLeft
from app.domain.inventory.queries import list_lots, lots_to_record_from
from app.domain.recipients.registration import needs_guardian
from app.domain.vaccinations.administer_dose import administer_dose, cautions_for, get_dose
from app.domain.vaccinations.cautions import Caution, cautions_of_screening
from app.domain.vaccinations.end_visit import EndVisit, end_visit
from app.domain.vaccinations.errors import (
    BadConsent,
    BadDose,
    BadDoseTime,
    ConsentMissing,
    IncompleteAnswers,
    NeedsReasons,
    VisitEnded,
)
from app.domain.vaccinations.gaps import gaps_in_history
from app.domain.vaccinations.guardian_consent import RecordConsent, consent_for_visit, record_consent
from app.domain.vaccinations.history import GivenDose, doses_of, series_of
from app.domain.vaccinations.questionnaires import Questionnaire, questionnaire_on
from app.domain.vaccinations.screen_visit import ScreenVisit, screen_visit
from app.domain.vaccinations.sites import signed
from app.domain.vaccinations.visits import OPEN, get_visit, person_at, screening_of
from app.portals.provider.clinic import remembered, wording
from app.portals.provider.clinic.forms import ConsentForm, DoseForm, EndForm
from app.portals.provider.clinic.screening_form import ScreenedDoseForm, dose_form, screening_form
from app.portals.provider.inventory.wording import WHY_NOT
from app.portals.provider.portal import portal
from app.web.answers import done, go, show
from app.web.context import actor, db, note_read, now, settings, today
from app.web.eligibility_words import line_for_clinic
from app.web.forms import add_error, choices


def go_to_next_step(visit: Any) -> Response:
    """Send the reader to what a visit needs next: the consent of a minor's guardian, the dose, or nothing."""
    endpoint = "provider.dose_page" if visit.status in OPEN else "provider.visit_page"
    if visit.status in OPEN and lacks_consent(visit):
        endpoint = "provider.consent_page"
    return go(url_for(endpoint, location_id=visit.location_id, visit_id=visit.id))


@portal.page("/<uuid:location_id>/clinic/visits/<uuid:visit_id>", needs=Permission.VIEW_CLINIC)
def visit_page(location_id: UUID, visit_id: UUID) -> Response:
    """How a visit ended, how long to observe, and the proof; an open one leads to its next step."""
    visit = get_visit(db(), actor(), location_id, visit_id)
    if visit.status in OPEN:
        return go_to_next_step(visit)
    dose, screening = get_dose(db(), actor(), location_id, visit_id), screening_of(visit)
    observe = timedelta(minutes=screening.observe_minutes if screening else 15)
    return _show(
        "provider/clinic/visit.html",
        visit,
        dose=dose,
        given_by=signed(dose.clinician_name, dose.clinician_suffix) if dose else "",
        observe_until=dose.given_at + observe if dose and dose.given_at + observe > now() else None,
        leaving=wording.ENDINGS,
    )


@portal.action("/<uuid:location_id>/clinic/visits/<uuid:visit_id>/screening", needs=Permission.ADMINISTER_DOSES)
def screening_page(location_id: UUID, visit_id: UUID) -> Response:
    """The screening questions; "No to all" answers those that were left open."""
    visit = get_visit(db(), actor(), location_id, visit_id)
    if visit.status not in OPEN:
        return go_to_next_step(visit)
    questionnaire = questionnaire_on(today())
    form = screening_form(questionnaire, visit.answers)
    if form.submitted():
        command = ScreenVisit(location_id, visit_id, questionnaire.edition, form.answers())
        try:
            screen_visit(db(), actor(), command, now=now())
        except IncompleteAnswers as refusal:
            for code in refusal.missing:
                add_error(form[code], _("Choose Yes, No or Don't know"))
        except VisitEnded:
            return go_to_next_step(get_visit(db(), actor(), location_id, visit_id))
        else:
            return go(url_for("provider.dose_page", location_id=location_id, visit_id=visit_id))
    return _show("provider/clinic/screening.html", visit, form=form)


@portal.action("/<uuid:location_id>/clinic/visits/<uuid:visit_id>/consent", needs=Permission.ADMINISTER_DOSES)
def consent_page(location_id: UUID, visit_id: UUID) -> Response:
    """A parent or guardian agrees here and now, before a minor gets the dose."""
    visit = get_visit(db(), actor(), location_id, visit_id)
    if visit.status not in OPEN or not lacks_consent(visit):
        return go_to_next_step(visit)
    form = ConsentForm(data={"guardian_name": (person_at(db(), visit).answers or {}).get("guardian", "")})
    if form.submitted():
        said = RecordConsent(location_id, visit_id, form.guardian_name.data or "", form.guardian_relation.data)
        try:
            record_consent(db(), actor(), said, now=now())
        except BadConsent as refusal:
            add_error(form[refusal.field], _("Check this"))
        except VisitEnded:
            return go_to_next_step(get_visit(db(), actor(), location_id, visit_id))
        else:
            return go(url_for("provider.dose_page", location_id=location_id, visit_id=visit_id))
    return _show("provider/clinic/consent.html", visit, form=form)


@portal.action("/<uuid:location_id>/clinic/visits/<uuid:visit_id>/dose", needs=Permission.ADMINISTER_DOSES)
def dose_page(location_id: UUID, visit_id: UUID) -> Response:
    """One dose is given and recorded; the screening questions are on the same page where they were not asked yet."""
    visit = get_visit(db(), actor(), location_id, visit_id)
    if visit.status not in OPEN or lacks_consent(visit):
        return go_to_next_step(visit)
    asked = questionnaire_on(today()) if visit.answers is None else None
    doses = doses_of(db(), person_at(db(), visit).id)
    form = dose_form(asked, remembered.defaults(location_id, request.args.get("lot")), had_doses=bool(doses))
    lots = _offer_lots(form, location_id)
    if form.submitted():
        answer = _screen_and_give(form, visit, asked)
        if answer is not None:
            return answer
    return _show(
        "provider/clinic/dose.html",
        visit,
        fragment="cautions",
        doses=doses,
        form=form,
        cautions=_cautions(form, visit, lots, doses),
        has_lots=bool(lots),
        shelf=list_lots(db(), actor(), location_id, today=today()).items,
    )


@portal.action("/<uuid:location_id>/clinic/visits/<uuid:visit_id>/end", needs=Permission.CHECK_IN_RECIPIENTS)
def end_visit_page(location_id: UUID, visit_id: UUID) -> Response:
    """The person leaves without a dose."""
    visit = get_visit(db(), actor(), location_id, visit_id)
    if visit.status not in OPEN:
        return go_to_next_step(visit)
    form = EndForm()
    if form.submitted():
        end_visit(db(), actor(), EndVisit(location_id, visit_id, form.reason.data), now=now())
        return done(
            url_for("provider.clinic_day", location_id=location_id),
            _("The visit of %(name)s ended without a dose.", name=person_at(db(), visit).full_name),
        )
    return _show("provider/clinic/end.html", visit, form=form)


def _show(template: str, visit: Any, *, doses: list[GivenDose] | None = None, **context: Any) -> Response:
    """A page about a visit: whose it is, earlier doses and answers are on each, and each is logged."""
    note_read("recipient.opened", "recipient", visit.recipient_id, visit.location_id)
    person = person_at(db(), visit)
    doses = doses_of(db(), person.id) if doses is None else doses
    screening, is_open = screening_of(visit), visit.status in OPEN
    standing = status_of(db(), person, today=today()) if is_open and not doses else None
    return show(
        template,
        visit=visit,
        person=person,
        location_id=visit.location_id,
        series=series_of(doses, today(), weakened=screening is not None and screening.weakened),
        gaps=gaps_in_history(db(), person.id, doses, screening) if is_open else (),
        minor=is_open and needs_guardian(person.birth_date, today()),
        consent=consent_for_visit(db(), visit, today=today(), now=now()) if is_open else None,
        eligible=line_for_clinic(standing) if standing else "",
        screening=screening,
        wording=wording,
        why_not=WHY_NOT,
        **context,
    )


def lacks_consent(visit: Any) -> bool:
    """True for a minor to whose vaccination no parent or guardian is known to agree."""
    minor = needs_guardian(person_at(db(), visit).birth_date, today())
    return minor and consent_for_visit(db(), visit, today=today(), now=now()) is None


def _offer_lots(form: DoseForm, location_id: UUID) -> list[Any]:
    lots, late = lots_to_record_from(db(), location_id, today=today())
    texts = [(str(lot.id), wording.lot_choice(lot)) for lot in lots]
    texts += [(str(lot.id), wording.expired_lot_choice(lot)) for lot in late]
    form.lot.choices = choices(texts, _("Choose the lot") if len(texts) > 1 else None)
    return lots + late


def _cautions(form: DoseForm, visit: Any, lots: list[Any], doses: list[GivenDose]) -> list[Caution]:
    """What speaks against the lot chosen so far, or the only one; before that, what the answers say.

    That nobody asked is no caution where the questions are on the same page.
    """
    only = lots[0] if len(lots) == 1 else None
    chosen = next((lot for lot in lots if str(lot.id) == form.lot.data), only)
    found = cautions_of_screening(screening_of(visit))
    if chosen is not None:
        given_at = form.given_at(today(), settings().zone) or now()
        found = cautions_for(visit, person_at(db(), visit).birth_date, chosen, given_at, doses, settings().zone)
    return [caution for caution in found if caution.code != "not_screened" or not form.questions]


def _screen_and_give(form: DoseForm, visit: Any, questionnaire: Questionnaire | None) -> Response | None:
    if questionnaire is not None and isinstance(form, ScreenedDoseForm):
        command = ScreenVisit(visit.location_id, visit.id, questionnaire.edition, form.answers())
        try:
            screen_visit(db(), actor(), command, now=now())
        except IncompleteAnswers as refusal:
            for code in refusal.missing:
                add_error(form[code], _("Choose Yes, No or Don't know"))
            return None
        except VisitEnded:
            return go_to_next_step(get_visit(db(), actor(), visit.location_id, visit.id))
    return _give(form, visit)


def _give(form: DoseForm, visit: Any) -> Response | None:
    zone = settings().zone
    command = form.command(visit.location_id, visit.id, form.given_at(today(), zone))
    try:
        administer_dose(db(), actor(), command, now=now(), zone=zone)
    except NeedsReasons as refusal:
        for caution in refusal.cautions:
            add_error(form[f"reason_{caution.code}"], _("Say why, or choose another lot, or do not give the dose"))
    except (VisitEnded, ConsentMissing):
        return go_to_next_step(get_visit(db(), actor(), visit.location_id, visit.id))
    except (BadDose, BadDoseTime, LotUnusable, NoDosesLeft) as refusal:
        _explain(form, refusal)
    else:
        remembered.remember(command)
        return done(
            url_for("provider.visit_page", location_id=visit.location_id, visit_id=visit.id),
            _("The dose is recorded."),
        )
    return None


def _explain(form: DoseForm, refusal: Refusal) -> None:
    if isinstance(refusal, NoDosesLeft):
        add_error(form.lot, _("The last dose of this lot was just taken. Choose another lot"))
    elif isinstance(refusal, LotUnusable):
        add_error(form.lot, _("This lot cannot be given on that day. Choose another lot, or correct the day"))
    elif isinstance(refusal, BadDoseTime) and refusal.fault == "future":
        add_error(form.given_on, _("This is in the future. Leave day and time empty for now"))
    elif isinstance(refusal, BadDoseTime):
        add_error(form.given_on, _("This is before the person’s birth. Check the day"))
    elif isinstance(refusal, BadDose):
        add_error(form[refusal.field], _("Check this"))
