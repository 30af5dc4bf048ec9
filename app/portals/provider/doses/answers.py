"""What the pages about one dose share: their address, whose dose it is, and refusals beside their fields."""

from typing import Any

from flask import Response, url_for

from app.domain.errors import Refusal
from app.domain.vaccinations.doses import person_of
from app.domain.vaccinations.errors import DoseChanged
from app.portals.provider.doses import wording
from app.web.answers import done, show
from app.web.context import db, note_read, wake
from app.web.forms import Form, add_error

DOSE = "/<uuid:location_id>/doses/<uuid:dose_id>"


def page_of(dose: Any) -> str:
    """The address of a dose's page."""
    return url_for("provider.dose_record", location_id=dose.location_id, dose_id=dose.id)


def mended(dose: Any, message: str) -> Response:
    """Back to the dose, with what was done. Proofs that were withdrawn for it are made anew in the background."""
    wake("proofs")
    return done(page_of(dose), message)


def show_dose(template: str, dose: Any, **context: Any) -> Response:
    """A page about a dose; each is logged as a look into the person's record."""
    person = person_of(db(), dose.recipient_id)
    note_read("recipient.opened", "recipient", person.id, dose.location_id)
    return show(template, dose=dose, person=person, location_id=dose.location_id, back=page_of(dose), **context)


def refuse(form: Form, refusal: Refusal) -> int | None:
    """Show a refusal where it can be mended. Returns the status of the page, 409 where somebody else was faster."""
    field, sentence = wording.why(refusal)
    if field in form:
        add_error(form[field], sentence)
    else:
        form.form_errors.append(sentence)
    if isinstance(refusal, DoseChanged):
        form["version"].data = str(refusal.version)
        return 409
    return None
