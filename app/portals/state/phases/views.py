"""The groups of the plan in force, what is open where, a change with its preview, and the history."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.eligibility import phases
from app.domain.eligibility.close_group import CloseGroup, FollowState, close_group, follow_state
from app.domain.eligibility.errors import ClosedBeforeOpen, NeverOpened, UnknownCounty
from app.domain.eligibility.open_group import OpenGroup, open_group
from app.domain.eligibility.phases import GroupState
from app.domain.eligibility.preview_opening import Change, Preview, people_by_group, preview_opening
from app.domain.eligibility.release_mails import ReleaseMails, release_mails
from app.domain.errors import NotFound
from app.domain.program.counties import COUNTIES, county_by_fips
from app.portals.state.phases.forms import CLOSE, FOLLOW, OPEN, ChangeForm
from app.portals.state.portal import portal
from app.web.answers import done, show
from app.web.context import actor, db, now, today, wake
from app.web.eligibility_words import group_name, rule_words
from app.web.filters import day as written_day
from app.web.forms import add_error, choices

_MANAGE = Permission.MANAGE_PHASES
_SPAN = ("effective_from", "effective_until")
ACTS = {
    "opened": _l("Opened"),
    "closed": _l("Closed"),
    "follows": _l("Does as the state"),
    "installed": _l("Installed"),
    "mails_released": _l("Let the mails go"),
}


@portal.page("/phases", needs=_MANAGE)
def phases_page() -> Response:
    """What is open where, and how many registered people are in each group."""
    plan = phases.plan_on(db(), today())
    groups = phases.list_groups(db(), actor(), plan) if plan else []
    counted = people_by_group(db(), actor(), today=today()) if plan else {}
    return show(
        "state/phases/list.html", plan=plan, groups=groups, counted=counted, name=group_name, rule=rule_words,
        state_words=_state_words, exceptions=_exceptions,
        held=_held,
    )  # fmt: skip


@portal.action("/phases/<uuid:group_id>", needs=_MANAGE)
def phase_page(group_id: UUID) -> Response:
    """One group: a change is looked at first and made then; what was changed before, by whom and when."""
    state = _state(group_id)
    form = ChangeForm(data={"act": OPEN})
    form.county.choices = choices([(one.fips, one.name) for one in COUNTIES.entries], empty=_("The whole state"))
    preview = None
    if form.submitted():
        change = _change(form, group_id)
        if change is not None:
            if request.form.get("go") == "make" and _make(form, change):
                wake("eligibility")
                return done(
                    url_for("state.phase_page", group_id=group_id),
                    _("The change is made. Statuses follow within minutes."),
                )
            preview = preview_opening(db(), actor(), change, today=today()) if not form.errors else None
    return show(
        "state/phases/group.html", form=form, state=state, name=group_name, rule=rule_words, preview=preview,
        tally=_by_county(preview), exceptions=_exceptions(state), state_words=_state_words(state), acts=ACTS,
        changes=phases.changes_of(db(), actor(), group_id), county=_county, held=_held(state), span=_kept_words,
    )  # fmt: skip


@portal.action("/phases/<uuid:group_id>/mails", needs=_MANAGE, methods=("POST",))
def release_phase_mails(group_id: UUID) -> Response:
    """Those who became eligible while the mails of the group were held are written to."""
    released = release_mails(db(), actor(), ReleaseMails(group_id), now=now())
    wake("eligibility")
    said = _("The mails go out within minutes.") if released else _("No mails were held.")
    return done(url_for("state.phase_page", group_id=group_id), said)


def _state(group_id: UUID) -> GroupState:
    plan = phases.plan_on(db(), today())
    found = phases.list_groups(db(), actor(), plan) if plan else []
    return next((one for one in found if one.group.id == group_id), None) or abort(404)


def _change(form: ChangeForm, group_id: UUID) -> Change | None:
    """What was asked for; None where something is missing, which then stands beside its field."""
    county = form.county.data or ""
    if form.act.data == FOLLOW:
        if not county:
            add_error(form.county, _("Choose the county that is to do as the state"))
            return None
        return FollowState(group_id, county)
    if form.day.data is None:
        add_error(form.day, _("Enter the day from which it holds"))
        return None
    if form.act.data == CLOSE:
        return CloseGroup(group_id, form.day.data, county)
    return OpenGroup(group_id, form.day.data, county, mail_held=bool(form.mail_held.data))


def _make(form: ChangeForm, change: Change) -> bool:
    try:
        if isinstance(change, OpenGroup):
            open_group(db(), actor(), change, now=now())
        elif isinstance(change, CloseGroup):
            close_group(db(), actor(), change, now=now())
        else:
            follow_state(db(), actor(), change, now=now())
    except NeverOpened:
        form.form_errors.append(
            _("There is nothing to change: the group is not open there, or the county has no exception.")
        )
    except ClosedBeforeOpen:
        add_error(form.day, _("This is before the day on which the group opens"))
    except (UnknownCounty, NotFound):
        add_error(form.county, _("Choose a county of the list"))
    return not form.errors


def _by_county(preview: Preview | None) -> list[tuple[str, int, int]]:
    """County, people who become eligible, people who are no more; the most first."""
    if preview is None:
        return []
    rows = [
        (_county(fips) if fips else _("Outside the state"), preview.opens.get(fips, 0), preview.closes.get(fips, 0))
        for fips in {*preview.opens, *preview.closes}
    ]
    return sorted(rows, key=lambda row: (-row[1] - row[2], row[0]))


def _state_words(state: GroupState) -> str:
    opening = state.openings.get("")
    return _span_words(opening.effective_from, opening.effective_until) if opening else _("Not open")


def _kept_words(values: Mapping[str, str | bool | None] | None) -> str:
    """When a group was open, and whether its mails were held, as history keeps it."""
    if values is None:
        return "–"
    start, end = (date.fromisoformat(str(kept)) if (kept := values[name]) else None for name in _SPAN)
    words = _span_words(start, end)
    return _("%(span)s, mails held", span=words) if values["mail_held"] else words


def _span_words(start: date | None, end: date | None) -> str:
    if start is None:
        return _("Not open")
    if end:
        return _("From %(start)s until %(end)s", start=written_day(start), end=written_day(end))
    return _("From %(start)s on", start=written_day(start))


def _held(state: GroupState) -> list[str]:
    """Where mails are held back: the state, and counties by name."""
    return [_county(fips) for fips, opening in sorted(state.openings.items()) if opening.mail_held]


def _exceptions(state: GroupState) -> list[str]:
    """The counties that differ from the state, by name."""
    return sorted(_county(fips) for fips in state.openings if fips)


def _county(fips: str) -> str:
    found = county_by_fips(fips)
    return found.name if found else _("The whole state")
