"""Paper forms: choose, and download a PDF to print."""

from datetime import date
from uuid import UUID

from flask import Response
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.documents.paper import LANGUAGES, MOST_ROWS, MOST_SHEETS, PaperFacts, PaperPerson, render_paper
from app.domain.accounts.access import Permission
from app.domain.program.products import list_products
from app.domain.providers.queries import get_location
from app.domain.vaccinations.paper_rows_of_day import ListedPerson, due_on, note_printed, waiting_on
from app.domain.vaccinations.questionnaires import questionnaire_on
from app.portals.provider.paper.forms import PaperForm
from app.portals.provider.portal import portal
from app.web.answers import download, show
from app.web.context import actor, db, now, settings, today
from app.web.forms import add_error


@portal.action("/<uuid:location_id>/paper", needs=Permission.ADMINISTER_DOSES)
def paper_forms(location_id: UUID) -> Response:
    """Choose a form; the POST answers with the PDF."""
    form = PaperForm(data={"day": today(), "language": "en", "people": "nobody", "copies": 1, "part": 1})
    if form.submitted():
        people = _people(form, location_id)
        if people:
            lang = next(known for known in LANGUAGES if known == form.language.data)
            pdf = render_paper(form.form.data, _facts(location_id, form.day.data, people), lang=lang)
            return download(pdf, f"paper-{form.form.data}-{lang}.pdf", "application/pdf")
    day = form.day.data or today()
    return show(
        "provider/paper/forms.html",
        form=form,
        location_id=location_id,
        day=day,
        waiting=len(waiting_on(db(), actor(), location_id, day=day)),
        due=len(due_on(db(), actor(), location_id, day=day)),
        most_sheets=MOST_SHEETS,
        most_rows=MOST_ROWS,
    )


def _people(form: PaperForm, location_id: UUID) -> list[PaperPerson]:
    """Whom the form is for; nobody, with a mistake at its field, where the list has no such people."""
    if form.people.data == "nobody":
        return [PaperPerson()] * (form.copies.data or 1)
    chosen = _part(form, _listed(form, location_id))
    if chosen:
        note_printed(db(), actor(), location_id, chosen, form=form.form.data, now=now())
    return [PaperPerson(one.last_name, one.first_name, one.birth_date) for one in chosen]


def _listed(form: PaperForm, location_id: UUID) -> list[ListedPerson]:
    day = form.day.data or today()
    if form.people.data == "waiting":
        return waiting_on(db(), actor(), location_id, day=day)
    return due_on(db(), actor(), location_id, day=day) if form.people.data == "due" else []


def _part(form: PaperForm, listed: list[ListedPerson]) -> list[ListedPerson]:
    size = MOST_ROWS if form.form.data == "tally" else MOST_SHEETS
    start = size * ((form.part.data or 1) - 1)
    chosen = listed[start : start + size]
    if not listed:
        day = format_date(form.day.data or today(), "medium")
        add_error(form.people, _("Nobody is on this list for %(day)s. Choose another list, or empty forms", day=day))
    elif not chosen:
        parts = -(-len(listed) // size)
        add_error(form.part, ngettext("There is only %(num)s part", "There are only %(num)s parts", parts))
    return chosen


def _facts(location_id: UUID, day: date | None, people: list[PaperPerson]) -> PaperFacts:
    questionnaire = questionnaire_on(day or today())
    return PaperFacts(
        location_name=get_location(db(), actor(), location_id).name,
        program_name=settings().program_name,
        day=day,
        people=tuple(people),
        products=tuple(product.name for product in list_products(db())),
        edition=questionnaire.edition,
        questions=tuple(question.code for question in questionnaire.questions),
    )
