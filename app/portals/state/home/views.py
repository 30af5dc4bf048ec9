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

WAITS: dict[str, tuple[Any, Any, str, Permission | None]] = {
    "enrollments": (_l("Enrollments"), _l("Practices that sent their application"), "state.enrollments", None),
    "transfers": (_l("Transfers"), _l("Requests to move vaccine"), "state.transfers", None),
    "pairs": (_l("Two records, one person?"), _l("Records that look alike"), "state.pairs", None),
    "held_rows": (
        _l("Close matches"), _l("People in employers’ lists who may be on record"), "state.held_rows", None,
    ),
    "self_registered": (
        _l("Self-registered"), _l("People who may be on record already"), "state.self_registered", None,
    ),
    "guardianships": (_l("Guardians"), _l("Children who may be on record already"), "state.guardianships", None),
    "held_back": (
        _l("Federal reporting"), _l("Doses held back until they are corrected"), "state.federal_held_back", None,
    ),
    "cases": (
        _l("Help desk"), _l("Requests that nobody has answered for three days"), "helpdesk.figures_of_cases",
        Permission.SUPERVISE_CASES,
    ),
    "mails": (_l("Mails"), _l("Failed or unsure"), "state.operations", None),
    "jobs": (_l("Work in the background"), _l("Fails or hangs"), "state.operations", None),
    "glass": (_l("Opened health answers"), _l("Somebody opened them and said why"), "state.opened_answers", None),
}  # fmt: skip
"""The name of what waits, what it is about, the page where it is done, and the right that this takes beside knowing of it."""


@portal.page("/", needs=Permission.VIEW_FIGURES)
def home() -> Response:
    """The first page of program staff."""
    waits = [
        (name, about, one, url_for(page) if needs is None or actor().may(needs, at=None) else "")
        for one in what_waits(db(), actor(), today=today(), now=now())
        for name, about, page, needs in (WAITS[one.kind],)
    ]
    happened = happened_on(db(), actor(), today(), zone=settings().zone)
    words = {"doses": _("doses given"), "cases": _("requests for help")}
    return show(
        "state/home/home.html", waits=waits, happened=[(happened[name], word) for name, word in words.items()],
        silent=queue.worker_is_silent(db(), now=now()), today=today(),
    )  # fmt: skip
