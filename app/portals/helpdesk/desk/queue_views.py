"""What waits, for agents; finding a case; figures for supervisors."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, request
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.helpdesk import desk, figures, states
from app.domain.helpdesk.linked_records import people_of_cases
from app.domain.helpdesk.lists import AUDIENCES
from app.domain.helpdesk.queries import QueueFilter, list_queue
from app.domain.helpdesk.search import search_cases
from app.portals.helpdesk import wording
from app.portals.helpdesk.desk.forms import FindForm
from app.portals.helpdesk.portal import portal
from app.web.answers import show
from app.web.context import actor, db, looked_only, note_search, now
from app.web.paging import Pager, after_from_request
from app.web.shown import note_shown

if TYPE_CHECKING:
    from app.domain.helpdesk.models import Team

SCORES = {5: _l("Very well"), 4: _l("Well"), 3: _l("So-so"), 2: _l("Badly"), 1: _l("Very badly")}
WAITS = {"us": states.WORKABLE, "them": states.WAITING, "all": states.UNFINISHED, "closed": (states.CLOSED,)}
_SPANS = (7, 30)
"""Days over which the speed of answers is told."""


@portal.page("/desk", needs=Permission.WORK_CASES)
def queue() -> Response:
    """The cases of my teams that wait for us, the longest waiting first."""
    teams = desk.teams(db())
    chosen = _team(teams)
    waits = request.args.get("waits", "us")
    owner = request.args.get("owner", "")
    audience = request.args.get("audience", "")
    wanted = QueueFilter(
        team_id=chosen, statuses=WAITS.get(waits, states.WORKABLE), mine=owner == "mine", unassigned=owner == "nobody",
        audience=audience if audience in AUDIENCES else "",
    )  # fmt: skip
    found = list_queue(db(), actor(), wanted, after=after_from_request())
    return show(
        "helpdesk/desk/queue.html", cases=found.items, pager=Pager(found), teams=teams, team_id=chosen, waits=waits,
        owner=owner, audience=audience, words=wording, now=now(),
    )  # fmt: skip


@portal.action("/desk/find", needs=Permission.WORK_CASES)
def find_case() -> Response:
    """By what a caller says. A POST: names and addresses stand in no address."""
    form, cases = FindForm(), None
    if form.submitted():
        cases = search_cases(db(), actor(), form.typed.data or "")
        note_search("case.searched", len(cases))
        note_shown("case.found", people_of_cases(db(), actor(), cases))
        looked_only()
    return show("helpdesk/desk/find.html", form=form, cases=cases, words=wording)


@portal.page("/desk/figures", needs=Permission.SUPERVISE_CASES)
def figures_of_cases() -> Response:
    """How old, how fast, how content."""
    by_team, by_type = figures.open_cases(db(), actor(), now=now())
    return show(
        "helpdesk/desk/figures.html", ages=[name for name, _days in figures.AGES], by_team=by_team, by_type=by_type,
        scores=SCORES,
        speeds=[(days, figures.speed_since(db(), actor(), now() - timedelta(days=days))) for days in _SPANS],
        said=figures.satisfaction_since(db(), actor(), now() - timedelta(days=90)),
    )  # fmt: skip


def _team(teams: "list[Team]") -> UUID | None:
    """The team that was chosen; at first the agent's own."""
    asked = request.args.get("team")
    if asked == "all":
        return None
    known = {str(team.id): team.id for team in teams}
    if asked in known:
        return known[asked]
    own = actor().places(Permission.WORK_CASES)
    return next((team.id for team in teams if team.id in own), None)
