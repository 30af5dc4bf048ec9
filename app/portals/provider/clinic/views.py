"""The clinic day: who is here, find somebody, check in, walk in."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.vaccinations.check_in import CheckIn, check_in
from app.domain.vaccinations.errors import RecordClosed, TicketExpired, TooManySearches
from app.domain.vaccinations.find_for_visit import FindForVisit, find_for_visit
from app.domain.vaccinations.kiosk.arrivals import look_at_door
from app.domain.vaccinations.kiosk.desk_calls import take_call
from app.domain.vaccinations.visits import day_queue
from app.domain.vaccinations.walk_in import LooksKnown, receive_walk_in
from app.portals.provider.clinic import proof_views, visit_views, wording
from app.portals.provider.clinic.forms import EmptyForm, FindForm, TicketForm
from app.portals.provider.clinic.walk_in_form import WalkInForm
from app.portals.provider.portal import portal
from app.web.answers import apology, done, go, show
from app.web.context import actor, database, db, note_read, now, today
from app.web.repeats import unchanged
from app.web.sealed import seal, unseal

if TYPE_CHECKING:
    from app.domain.vaccinations.kiosk.arrivals import Door

__all__ = ["proof_views", "visit_views"]

URGENT_MINUTES = 20
ASKED = ("last", "born", "detail")


@portal.action("/<uuid:location_id>/clinic", needs=Permission.VIEW_CLINIC)
def clinic_day(location_id: UUID) -> Response:
    """The search box and today's queue. A search is sent here and answered on a page of its own, without
    a name or birth date in any address. "Search again" comes back with what was typed."""
    form = FindForm(data=_typed_before())
    if form.submitted():
        query = {
            "last": form.last_name.data,
            "born": form.birth_date.data.isoformat(),
            "detail": form.detail.data,
        }
        return go(url_for("provider.found_people", location_id=location_id, q=seal(query)))
    door = _door(location_id)
    return unchanged(door.mark) or show(
        "provider/clinic/day.html", fragment="queue", form=form, location_id=location_id, **_queue_of(location_id, door)
    )


@portal.page("/<uuid:location_id>/clinic/arrivals", needs=Permission.VIEW_CLINIC)
def arrivals(location_id: UUID) -> Response:
    """The queue alone, which renews itself also in a browser without scripts: no search here that it would interrupt."""
    facts = _queue_of(location_id, _door(location_id))
    response = show("provider/clinic/arrivals.html", location_id=location_id, **facts)
    response.headers["Refresh"] = "2"
    return response


@portal.action(
    "/<uuid:location_id>/clinic/desk/<uuid:call_id>", needs=Permission.CHECK_IN_RECIPIENTS, methods=("POST",)
)
def take_desk_call(location_id: UUID, call_id: UUID) -> Response:
    """Somebody whom a kiosk sent to the desk is taken care of."""
    EmptyForm().submitted()
    take_call(db(), actor(), location_id, call_id, now=now())
    return go(url_for("provider.clinic_day", location_id=location_id))


@portal.page("/<uuid:location_id>/clinic/found", needs=Permission.CHECK_IN_RECIPIENTS)
def found_people(location_id: UUID) -> Response:
    """The people whom the details fit."""
    told = unseal(request.args.get("q", ""), *ASKED)
    if told is None:
        return go(url_for("provider.clinic_day", location_id=location_id))
    query = FindForVisit(location_id, told["last"], date.fromisoformat(told["born"]), told["detail"])
    try:
        people = find_for_visit(db(), database(), actor(), query, now=now())
    except TooManySearches:
        return apology(
            429,
            _("Please wait a few minutes"),
            _("There were many searches that found nobody. You can search again in a quarter of an hour."),
            back_url=url_for("provider.clinic_day", location_id=location_id),
        )
    return show(
        "provider/clinic/found.html",
        people=people,
        query=query,
        location_id=location_id,
        q=request.args["q"],
        ticket_form=TicketForm,
    )


@portal.action("/<uuid:location_id>/clinic/check-in", needs=Permission.CHECK_IN_RECIPIENTS, methods=("POST",))
def check_in_found(location_id: UUID) -> Response:
    """Check in somebody who was found: the ticket of the search says whom."""
    form = TicketForm()
    form.submitted()
    return _check_in(CheckIn(location_id, ticket=form.ticket.data or ""))


@portal.action(
    "/<uuid:location_id>/clinic/recipients/<uuid:recipient_id>/check-in",
    needs=Permission.CHECK_IN_RECIPIENTS,
    methods=("POST",),
)
def check_in_listed(location_id: UUID, recipient_id: UUID) -> Response:
    """Check in somebody whom this location lists."""
    EmptyForm().submitted()
    return _check_in(CheckIn(location_id, recipient_id=recipient_id))


@portal.action("/<uuid:location_id>/clinic/walk-in", needs=Permission.REGISTER_WALK_INS)
def walk_in(location_id: UUID) -> Response:
    """Somebody in no list: registered and checked in on one page, after a look at likely duplicates."""
    told = _typed_before()
    form = WalkInForm(data=told | _first_name(told.get("detail", "")))
    people = []
    if form.submitted():
        try:
            visit = receive_walk_in(db(), actor(), form.command(location_id), now=now(), today=today())
        except LooksKnown as refusal:
            people = refusal.people
            form.form_errors.append(_("Somebody like this is on record already. Look at the list below"))
            for person in people:
                note_read(
                    "recipient.shown_as_likely_duplicate", "recipient", person.recipient_id, location_id
                )
        else:
            return visit_views.go_to_next_step(visit)
    return show("provider/clinic/walk_in.html", form=form, people=people, location_id=location_id)


def _door(location_id: UUID) -> "Door":
    """Read before the queue: what happens while that is drawn is drawn the next time."""
    return look_at_door(db(), actor(), location_id, day=today(), now=now())


def _queue_of(location_id: UUID, door: "Door") -> dict[str, Any]:
    """What the queue shows."""
    return {
        "mark": door.mark,
        "counts": door.counts,
        "calls": door.calls,
        "queue": day_queue(db(), actor(), location_id, day=today()),
        "states": wording.STATUS,
        "reasons": wording.SENT_TO_DESK,
        "minutes": _minutes_waiting,
        "urgent": URGENT_MINUTES,
        "asked_at": now(),
    }


def _check_in(command: CheckIn) -> Response:
    try:
        visit = check_in(db(), actor(), command, now=now(), today=today())
    except TicketExpired:
        flash(_("That search is too old. Please search again."), "warning")
        return go(url_for("provider.clinic_day", location_id=command.location_id))
    except RecordClosed:
        told = _("By what is on record this person has died. Is that a mistake? State staff can open the record again.")
        return done(url_for("provider.clinic_day", location_id=command.location_id), told, "warning")
    return visit_views.go_to_next_step(visit)


def _typed_before() -> dict[str, Any]:
    """The details of the search that this page was reached from."""
    told = unseal(request.args.get("q", ""), *ASKED)
    if told is None:
        return {}
    return {"last_name": told["last"], "birth_date": date.fromisoformat(told["born"]), "detail": told["detail"]}


def _first_name(detail: str) -> dict[str, str]:
    """The detail that was searched with, where it can be a first name and no code, number or address."""
    return {"first_name": detail} if all(sign.isalpha() or sign in " '’-." for sign in detail) else {}


def _minutes_waiting(visit: Any) -> int:
    return max(0, int((now() - visit.arrived_at).total_seconds() // 60))
