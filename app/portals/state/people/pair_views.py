"""Pairs that look alike wait for somebody who says what they are."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import Conflict
from app.domain.organizations.names import names_of_organizations
from app.domain.recipients.merging.pairs import DecidePair, count_pairs, decide_pair, get_pair, list_pairs
from app.domain.vaccinations.history import doses_by_recipient
from app.portals.state.people import wording
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.paging import Pager, after_from_request
from app.web.shown import note_shown

_MERGE = Permission.MERGE_PEOPLE


@portal.page("/people/pairs", needs=_MERGE)
def pairs() -> Response:
    """Those that wait, the alikest first."""
    found = list_pairs(db(), actor(), today=today(), after=after_from_request())
    note_shown("recipient.shown_as_likely_duplicate", (id_ for one in found.items for id_ in (one.left.id, one.right.id)))
    return show(
        "state/people/pairs.html", pairs=found.items, pager=Pager(found), words=wording,
        waiting=count_pairs(db(), actor(), today=today()),
    )  # fmt: skip


@portal.action("/people/pairs/<uuid:pair_id>", needs=_MERGE)
def pair(pair_id: UUID) -> Response:
    """Both side by side: not the same, or another day; the same leads to the choice of details."""
    found = get_pair(db(), actor(), pair_id)
    if request.method == "POST":
        return _decide(found.pair.id)
    for record in (found.left, found.right):
        context.note_read("recipient.compared", "recipient", record.id)
    employers = names_of_organizations(db(), {found.left.organization_id, found.right.organization_id})
    return show(
        "state/people/pair.html", found=found, words=wording,
        lines=wording.compare(found.left, found.right, found.pair.agreement, employers),
        doses=doses_by_recipient(db(), [found.left.id, found.right.id]),
    )  # fmt: skip


def _decide(pair_id: UUID) -> Response:
    say = request.form.get("say")
    if say not in ("other", "later"):
        return done(url_for("state.pair", pair_id=pair_id), _("Nothing was chosen."), "info")
    command = DecidePair(pair_id, "other" if say == "other" else "later")
    try:
        decide_pair(db(), actor(), command, today=today(), now=now())
    except Conflict:
        return done(url_for("state.pairs"), _("Somebody decided it meanwhile."), "info")
    told = _("They stay two people. You are not asked again, unless their details change.")
    return done(url_for("state.pairs"), told if say == "other" else _("The pair comes back in a week."))
