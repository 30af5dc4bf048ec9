"""The screen itself: which kiosk this browser is, what it may do, and how its pages answer."""

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response, g, get_flashed_messages, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.devices.queries import actor_of_kiosk, kiosk_of_token, note_seen
from app.domain.vaccinations.kiosk.check_in_at_kiosk import Moment
from app.domain.vaccinations.kiosk.turns import current_turn
from app.web import context, languages
from app.web.portal import Portal

if TYPE_CHECKING:
    from app.domain.accounts.devices.models import KioskDevice
    from app.domain.vaccinations.kiosk.models import KioskTurn

PATH = "/kiosk"
SCREEN, TURN, STEP = "cvms_kiosk", "cvms_turn", "cvms_step"
CLEARS_AFTER = 20
"""Seconds after which a page that tells something of a person gives way to the first one, also without JavaScript."""
_DAY = 86_400
_KEPT = 400 * _DAY

portal = Portal("kiosk", __name__, url_prefix=PATH, title=_l("Check in"))


def _check(actor: Actor, permission: Permission, arguments: dict[str, Any]) -> None:
    del arguments
    actor.require(permission, at=kiosk().location_id)


portal.check = _check


@portal.before_request
def _recognize() -> Response | None:
    """Only the cookie of the screen counts here, whoever may be signed in with the same browser."""
    for known in ("account", "actor", "waiting"):
        g.pop(known, None)
    token = request.cookies.get(SCREEN, "")
    found = kiosk_of_token(context.db(), token) if token else None
    if found is None:
        return None if request.endpoint == "kiosk.pair_page" else _away(url_for("kiosk.pair_page"))
    g.kiosk, g.actor = found, actor_of_kiosk(found)
    parts, kiosk_id, seen_at, now = context.database(), found.id, found.seen_at, context.now()
    context.afterwards(lambda: note_seen(parts, kiosk_id, seen_at, now=now))
    return None


def _away(url: str) -> Response:
    context.let_go()
    return make_response(redirect(url, 303))


@portal.after_request
def _keep_the_look(response: Response) -> Response:
    """Whatever went wrong is told in the kiosk's own words, and the screen goes back to its beginning."""
    if response.status_code >= 400 and not g.get("of_kiosk"):
        return page("kiosk/trouble.html", status=response.status_code)
    return response


def kiosk() -> "KioskDevice":
    """The kiosk that this screen is."""
    found: KioskDevice = g.kiosk
    return found


def moment() -> Moment:
    """When this is and whose turn, for the use cases."""
    return Moment(context.now(), context.today(), _token(), demonstration=context.settings().demo)


def turn() -> "KioskTurn | None":
    """The turn of the person before the screen, if one is under way."""
    return current_turn(context.db(), kiosk().id, _token(), now=context.now())


def _token() -> str:
    """What this person's turn is known by: the first page gives each person a new one."""
    if "turn_token" not in g:
        sent = request.cookies.get(TURN, "")
        g.turn_token = sent if len(sent) == 32 and sent.isalnum() else secrets.token_hex(16)
    return str(g.turn_token)


def here(endpoint: str) -> str:
    """A page of the kiosk in the language of this one."""
    code = languages.current()
    return url_for(endpoint) + (f"?{urlencode({'lang': code})}" if code != languages.SOURCE else "")


def page(template: str, *, clears: int | None = CLEARS_AFTER, status: int = 200, **facts: Any) -> Response:
    """A page of the kiosk. `clears`: seconds until it gives way to the first one; None where nothing is told yet."""
    get_flashed_messages()
    g.of_kiosk = True
    other = next(code for code in languages.LANGUAGES if code != languages.current())
    body = render_template(
        template, kiosk=g.get("kiosk"), here=here, other=other, other_name=languages.LANGUAGES[other], **facts
    )
    response = make_response(body, status)
    if clears is not None:
        response.headers["Refresh"] = f"{clears}; url={url_for('kiosk.welcome')}"
    return response


def on_to(endpoint: str) -> Response:
    """The page of the next step.

    A cookie that changes makes browsers forget the pages that they keep whole for Back, also those without scripts.
    """
    response = make_response(redirect(here(endpoint), 303))
    _put(response, TURN, _token())
    _put(response, STEP, secrets.token_hex(4))
    return response


def begin_anew(response: Response) -> Response:
    """Nothing of the person before can be opened from here on."""
    _put(response, TURN, secrets.token_hex(16))
    return response


def _put(response: Response, name: str, value: str, age: int | None = None) -> None:
    response.set_cookie(
        name, value, max_age=age, path=PATH, httponly=True, samesite="Lax", secure=context.settings().secure
    )


def keep_screen(response: Response, token: str) -> Response:
    """This browser is the kiosk from now on."""
    _put(response, SCREEN, token, _KEPT)
    return response
