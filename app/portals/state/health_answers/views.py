"""Health answers are opened for an hour with a reason; who did so is looked at by somebody else afterwards."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts import break_glass as glass
from app.domain.accounts.access import Permission
from app.domain.errors import Conflict
from app.domain.oversight.records import codes_of_records
from app.domain.program.conditions import CONDITIONS, LIVING
from app.domain.recipients.health_answers import health_answers_of, record_to_open
from app.domain.recipients.registration import PREGNANT
from app.portals.state.health_answers.forms import OUTCOME_TAGS, OUTCOMES, REASONS, AskForm, ReviewForm
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, go, show
from app.web.context import actor, db, now
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request

_OPEN, _REVIEW = Permission.BREAK_GLASS, Permission.REVIEW_BREAK_GLASS
_PERSON = "/people/<uuid:person_id>/health-answers"


@portal.page(_PERSON, needs=_OPEN)
def health_answers(person_id: UUID) -> Response:
    """The answers while they are open; else the page that asks why."""
    person = record_to_open(db(), actor(), person_id)
    try:
        answers = health_answers_of(db(), actor(), person, now=now())
    except glass.GlassClosed:
        return go(url_for("state.ask_for_health_answers", person_id=person.id))
    context.note_read("recipient.health_answers_read", "recipient", person.id)
    pregnant, living = PREGNANT.by_code(answers.pregnant), LIVING.by_code(answers.living)
    words = [CONDITIONS.by_code(code) for code in answers.conditions]
    return show(
        "state/health_answers/answers.html", person=person, until=answers.until,
        conditions=[_(one.label) for one in words if one], pregnant=_(pregnant.label) if pregnant else "",
        living=_(living.label) if living else "",
    )  # fmt: skip


@portal.action(f"{_PERSON}/open", needs=_OPEN)
def ask_for_health_answers(person_id: UUID) -> Response:
    """Why? Then they are open for an hour."""
    person, form = record_to_open(db(), actor(), person_id), AskForm()
    url = url_for("state.health_answers", person_id=person.id)
    if form.submitted():
        command = glass.BreakGlass(person.id, form.reason.data or "", form.because.data or "")
        try:
            glass.break_glass(db(), actor(), command, now=now())
        except glass.BadReason as refusal:
            told = _("Choose the reason") if refusal.field == "reason" else _("Use at least three words")
            add_error(form[refusal.field], told)
        else:
            context.wake("mail")
            return done(url, _("The answers are open to you for one hour. This was logged and told."), "info")
    elif request.method == "GET" and glass.open_until(db(), actor(), person.id, now()):
        return go(url)
    return show("state/health_answers/ask.html", form=form, person=person)


@portal.action(f"{_PERSON}/close", needs=_OPEN, methods=("POST",))
def close_health_answers(person_id: UUID) -> Response:
    """Seen enough."""
    person = record_to_open(db(), actor(), person_id)
    glass.close_glass(db(), actor(), person.id, now=now())
    return done(url_for("state.person", person_id=person.id), _("The answers are closed to you again."))


@portal.page("/health-answers", needs=_REVIEW)
def opened_answers() -> Response:
    """Who opened whose answers and why: what waits for a look, or what was looked at."""
    reviewed = request.args.get("show") == "reviewed"
    found = glass.openings(db(), actor(), reviewed=reviewed, after=after_from_request())
    return show(
        "state/health_answers/list.html", found=found.items, pager=Pager(found), reviewed=reviewed, reasons=REASONS,
        outcomes=OUTCOMES, tags=OUTCOME_TAGS, codes=codes_of_records(db(), [one.opening.recipient_id for one in found.items]),
    )  # fmt: skip


@portal.action("/health-answers/<uuid:opening_id>", needs=_REVIEW)
def review_opened_answers(opening_id: UUID) -> Response:
    """One opening, and what somebody else thinks of it."""
    found, form = glass.get_opening(db(), actor(), opening_id), ReviewForm()
    if form.submitted():
        command = glass.ReviewOpening(opening_id, form.outcome.data or "", form.remark.data or "")
        try:
            glass.review_opening(db(), actor(), command, now=now())
        except glass.BadReason:
            add_error(form.remark, _("Say in a few words what speaks against it"))
        except glass.ReviewsOneself:
            form.form_errors.append(_("You opened these answers yourself. A colleague has to look at it."))
        except Conflict:
            return done(url_for("state.opened_answers"), _("Somebody looked at it meanwhile."), "info")
        else:
            return done(url_for("state.opened_answers"), _("Your review is kept."))
    code = codes_of_records(db(), [found.opening.recipient_id]).get(found.opening.recipient_id, "")
    return show(
        "state/health_answers/review.html", form=form, found=found, code=code, reasons=REASONS, outcomes=OUTCOMES,
        tags=OUTCOME_TAGS, oneself=found.opening.account_id == actor().id,
    )  # fmt: skip
