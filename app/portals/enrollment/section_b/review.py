"""Section B as a whole: its answers in words, its lists, what is missing, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.enrollment import fields, states
from app.domain.enrollment.dossier import Dossier, load_dossier
from app.domain.enrollment.duties import coordinators_duties, missing_in_section_b
from app.domain.enrollment.errors import FieldsRefused
from app.domain.enrollment.queries import signatures_of
from app.domain.enrollment.save_section_b import SaveSectionB, save_section_b
from app.portals.enrollment.questions import Typed
from app.portals.enrollment.section_b.place import Place
from app.portals.enrollment.section_b.wording import DAYS, HINTS, LABELS
from app.portals.enrollment.sections import Section
from app.portals.enrollment.start.forms import EmptyForm
from app.web import context
from app.web.answers import show
from app.web.enrollment_words import DOCUMENTS, STAGES, STEPS, in_words, label_of, unit_kind

FEW_PROVIDERS = 10
_FIRST_HOUR = "receiving_monday_am"
_LISTS = ("storage_units", "pictures", "providers")


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in words; `missing` when there must be one."""

    label: str
    text: str
    missing: bool
    corrections: list[Any]


class LocationSection(Section):
    """Section B, whose hours count as one answer: any will do, none will not."""

    def finished(self, step: str) -> bool:
        """True when nothing that must be answered is missing on a step."""
        if step == "hours":
            return any(self.subject.answers.get(one.key) for one in self.asked[step])
        return Section.finished(self, step)


def section_of(place: Place) -> LocationSection:
    """Section B of a location, as the reader fills it in."""
    session, actor, location = context.db(), context.actor(), place.location

    def save(answers: Typed, version: int, seen: Typed | None) -> object:
        if _FIRST_HOUR in answers and not any(answers.values()) and request.form.get("go", "next") == "next":
            raise FieldsRefused({_FIRST_HOUR: "missing"})
        return save_section_b(session, actor, SaveSectionB(location.id, answers, version, seen), now=context.now())

    return LocationSection(
        kind="enrollment section b",
        subject=location,
        asked={step: fields.fields_of("b", step) for step in fields.STEPS_B},
        save=save,
        page=lambda step: url_for("enrollment.section_b_step", step=step, **place.ids),
        review=place.review_url,
        away=place.review_url,
        corrections=place.corrections,
        labels=LABELS,
        hints=HINTS,
    )


def show_review(place: Place, form: EmptyForm) -> Response:
    """The page of the whole."""
    section, dossier = section_of(place), load_dossier(context.db(), place.enrollment)
    location = place.location
    missing = missing_in_section_b(dossier, location)
    asked_others = {one.key for one in fields.LOCATION}
    return show(
        "enrollment/section_b/review.html", form=form, place=place, section=section, titles=STEPS,
        stage=STAGES[location.status], rows={step: list(_lines(section, step)) for step in section.steps},
        units=dossier.units.get(location.id, []), providers=dossier.providers.get(location.id, 0), missing=missing,
        asked=[one for one in place.corrections if one.field not in asked_others], where=lambda key: _url_of(place, key),
        next_url=_next_url(place, section, missing), lists=_LISTS, label_of=label_of, unit_kind=unit_kind,
        can_complete=place.may_edit and location.status != states.COMPLETE,
        to_sign=_to_sign(place, dossier), documents=DOCUMENTS,
        signatures=signatures_of(context.db(), place.enrollment, location=location),
        can_begin=place.mine and place.enrollment.status in states.SECTION_B_STAGES | {states.APPROVED}
        and states.can("location", "begin_update", location.status),
        can_give_up=place.may_edit and location.approved is not None
        and states.can("location", "cancel_update", location.status),
    )  # fmt: skip


def _lines(section: Section, step: str) -> Iterator[Line]:
    if step == "hours":
        yield from _hours(section)
        return
    answers = section.subject.answers
    for field in section.asked[step]:
        if field.applies(answers) or answers.get(field.key):
            text = in_words(field, answers.get(field.key))
            yield Line(_(field.label), text, field.is_required(answers) and not text, section.asked_of(field.key))


def _hours(section: Section) -> Iterator[Line]:
    """One line for each day on which somebody is there."""
    answers = section.subject.answers
    by_day = {day: [f"receiving_{day}_am", f"receiving_{day}_pm"] for day in DAYS}
    for day, keys in by_day.items():
        texts = [in_words(fields.OF_LOCATION[key], answers[key]) for key in keys if answers.get(key)]
        if texts:
            asked = [one for key in keys for one in section.asked_of(key)]
            yield Line(str(DAYS[day]), ", ".join(texts), False, asked)
    if not any(answers.get(key) for keys in by_day.values() for key in keys):
        yield Line(_("Receiving hours"), "", True, [])


def _url_of(place: Place, key: str) -> str:
    """Where a field or a list is changed."""
    if key in _LISTS:
        return url_for("enrollment.providers" if key == "providers" else "enrollment.units", **place.ids)
    step = "hours" if key == "receiving" else fields.OF_LOCATION[key].step
    return url_for("enrollment.section_b_step", step=step, **place.ids)


def _next_url(place: Place, section: Section, missing: tuple[str, ...]) -> str:
    """What to do next; empty when nothing is missing."""
    if not place.may_edit:
        return ""
    step = section.first_unfinished()
    if step:
        return section.page(step)
    lists = [key for key in _LISTS if key in missing]
    return _url_of(place, lists[0]) if lists else ""


def _to_sign(place: Place, dossier: Dossier) -> list[str]:
    """The documents that the reader signs for this location now."""
    ready = place.mine and place.enrollment.status in states.SECTION_B_STAGES
    if not ready or place.location.status != states.COMPLETE:
        return []
    return [duty.document for duty in coordinators_duties(dossier, place.location) if not duty.valid]
