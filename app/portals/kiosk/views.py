"""Checking in at the door. Every POST redirects, so that Back finds nothing of the person before."""

from typing import TYPE_CHECKING, Any

from flask import Response, g, make_response, redirect, request

from app.domain.accounts.access import Permission
from app.domain.vaccinations.kiosk.check_in_at_kiosk import Told, confirm, deny, look_up, send_to_desk
from app.portals.kiosk.forms import ConfirmForm, DeskForm, ScanForm, TypeForm
from app.portals.kiosk.portal import CLEARS_AFTER, begin_anew, here, kiosk, moment, on_to, page, portal, turn
from app.web import languages
from app.web.camera import with_camera
from app.web.context import actor, db

if TYPE_CHECKING:
    from app.domain.vaccinations.kiosk.models import KioskTurn

_NEEDS = Permission.CHECK_IN_RECIPIENTS
_PAGES = {"confirm": "kiosk.confirm_page", "done": "kiosk.done_page", "already": "kiosk.done_page", "desk": "kiosk.desk"}


@portal.page("/", needs=_NEEDS)
def welcome() -> Response:
    """The beginning: the language, and two ways to check in."""
    clears = None if languages.current() == languages.SOURCE else CLEARS_AFTER
    return begin_anew(page("kiosk/welcome.html", clears=clears))


@portal.action("/type", needs=_NEEDS)
def type_page() -> Response:
    """Three questions on one page: with large letters they fit a screen, and all can be looked over before sending."""
    form = TypeForm()
    return next_of_typed(form) or page(
        "kiosk/type.html", clears=None, form=form, status=200 if request.method == "GET" else 422, **_held()
    )


@portal.action("/scan", needs=_NEEDS)
def scan_page() -> Response:
    """A scanner types into the field and presses Enter; where there is a camera, it reads as well."""
    form = ScanForm()
    sent = request.method == "POST"
    form.submitted()
    if sent and not _is_stale():
        told = Told(scanned=form.code.data or "")
        return _next(look_up(db(), actor(), kiosk(), told, moment()), "kiosk.scan_page")
    again = turn() is not None
    return with_camera(page("kiosk/scan.html", clears=None, form=form, again=again, status=422 if sent else 200))


@portal.action("/confirm", needs=_NEEDS)
def confirm_page() -> Response:
    """A first name and an initial, and nothing else: is it you?"""
    now = turn()
    if now is None or now.state != "confirm":
        return _beginning()
    form = ConfirmForm()
    if form.submitted() and form.turn.data == now.token:
        if form.answer.data == "yes":
            return _next(confirm(db(), actor(), kiosk(), now, moment()), "kiosk.welcome")
        return _next(deny(db(), actor(), kiosk(), moment()), "kiosk.type_page")
    return page("kiosk/confirm.html", form=form, name=now.held["name"], token=now.token, status=422 if form.errors else 200)


@portal.page("/done", needs=_NEEDS)
def done_page() -> Response:
    """Checked in, now or before. No name: the next person may be looking already."""
    now = turn()
    if now is None or now.state not in {"done", "already"}:
        return _beginning()
    return page("kiosk/done.html", already=now.state == "already")


@portal.action("/desk", needs=_NEEDS)
def desk() -> Response:
    """A number, which the desk sees as well. The button on every page asks for one."""
    now, form = turn(), DeskForm()
    if request.method == "POST" and form.submitted():
        if now is None or now.state != "desk":
            now = send_to_desk(db(), actor(), kiosk(), "asked", moment())
        return on_to("kiosk.desk")
    if now is None or now.state != "desk":
        return _beginning()
    return page("kiosk/desk.html", number=now.number)


def next_of_typed(form: TypeForm) -> Response | None:
    """Where three answers lead; None where none came, or from a page that was open too long."""
    if request.method != "POST" or _is_stale():
        return None
    form.submitted()
    return _next(look_up(db(), actor(), kiosk(), form.told(), moment()), "kiosk.type_page")


def _next(begun: "KioskTurn", again: str) -> Response:
    return on_to(_PAGES.get(begun.state, again))


def _beginning() -> Response:
    return begin_anew(make_response(redirect(here("kiosk.welcome"), 303)))


def _is_stale() -> bool:
    return bool(g.get("csrf_failed"))


def _held() -> dict[str, Any]:
    """What was typed, and which answers are wrong: None before the first try."""
    now = turn()
    held = now.held or {} if now is not None and now.state == "again" else {}
    typed = dict.fromkeys(("last_name", "month", "day", "year", "detail"), "") | (held.get("typed") or {})
    return {"typed": typed, "wrong": held.get("wrong"), "away": False}
