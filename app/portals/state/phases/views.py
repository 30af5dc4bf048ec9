"""The groups of the plan in force, what is open where, a change with its preview, and the history."""

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
ACTS = {
    "opened": _l("Opened"),
    "closed": _l("Closed"),
    "follows": _l("Does as the state"),
    "installed": _l("Installed"),
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
        changes=phases.changes_of(db(), actor(), group_id), county=_county,
    )  # fmt: skip


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
    if opening is None or opening.effective_from is None:
        return _("Not open")
    if opening.effective_until:
        return _(
            "From %(start)s until %(end)s",
            start=written_day(opening.effective_from),
            end=written_day(opening.effective_until),
        )
    return _("From %(start)s on", start=written_day(opening.effective_from))


def _exceptions(state: GroupState) -> list[str]:
    """The counties that differ from the state, by name."""
    return sorted(_county(fips) for fips in state.openings if fips)


def _county(fips: str) -> str:
    found = county_by_fips(fips)
    return found.name if found else _("The whole state")
