"""What waits for me, and what happened today."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.reporting.waiting import happened_on, what_waits
from app.infra import queue
from app.portals.state.portal import portal
from app.web.answers import show
from app.web.context import actor, db, now, settings, today

WAITS: dict[str, tuple[Any, Any, str]] = {
    "enrollments": (_l("Enrollments"), _l("Practices that sent their application"), "state.enrollments"),
    "transfers": (_l("Transfers"), _l("Requests to move vaccine"), "state.transfers"),
    "held_rows": (_l("Close matches"), _l("People in employers’ lists who may be on record"), "state.held_rows"),
    "self_registered": (_l("Self-registered"), _l("People who may be on record already"), "state.self_registered"),
    "guardianships": (_l("Guardians"), _l("Children who may be on record already"), "state.guardianships"),
    "glass": (_l("Opened health answers"), _l("Somebody opened them and said why"), "state.opened_answers"),
    "jobs": (_l("Work in the background"), _l("Fails or hangs"), "state.operations"),
    "mails": (_l("Mails"), _l("Failed or unsure"), "state.operations"),
    "cases": (_l("Help desk"), _l("Requests that nobody has answered for three days"), ""),
}


@portal.page("/", needs=Permission.VIEW_FIGURES)
def home() -> Response:
    """The first page of programme staff."""
    waits = [
        (*WAITS[one.kind][:2], one, url_for(WAITS[one.kind][2]) if WAITS[one.kind][2] else "")
        for one in what_waits(db(), actor(), now=now())
    ]
    happened = happened_on(db(), actor(), today(), zone=settings().zone)
    words = {"doses": _("doses given"), "cases": _("requests for help")}
    return show(
        "state/home/home.html", waits=waits, happened=[(happened[name], word) for name, word in words.items()],
        silent=queue.worker_is_silent(db(), now=now()), today=today(),
    )  # fmt: skip
