"""Teams, and who answers in them."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import NotAllowed, NotFound
from app.domain.helpdesk import desk
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.steering import teams
from app.domain.helpdesk.steering.history import DataChanged, history_of, mark_of
from app.domain.helpdesk.steering.teams import InviteAgent
from app.portals.helpdesk.desk_settings import words
from app.portals.helpdesk.desk_settings.forms import EndForm, InviteForm, TeamForm
from app.portals.helpdesk.portal import portal
from app.web import context
from app.web.answers import done, show

MANAGE = Permission.MANAGE_HELP_DESK
_TEAMS = "/desk/settings/teams"


@portal.page(_TEAMS, needs=MANAGE)
def team_list() -> Response:
    """All teams; a supervisor opens the own ones."""
    actor = context.actor()
    own = [(team, actor.may(MANAGE, at=team.id)) for team in desk.teams(context.db())]
    return show("helpdesk/desk_settings/teams.html", teams=own, is_state=actor.is_state)


@portal.action(f"{_TEAMS}/new", needs=MANAGE)
def new_team() -> Response:
    """Another team, for staff of the whole program."""
    context.actor().require(MANAGE, at=None)
    return _name_team(None)


@portal.action(f"{_TEAMS}/<uuid:team_id>/name", needs=MANAGE)
def name_team(team_id: UUID) -> Response:
    """What the team is called."""
    return _name_team(team_id)


@portal.action(f"{_TEAMS}/<uuid:team_id>", needs=MANAGE)
def team_page(team_id: UUID) -> Response:
    """Who is here, inviting somebody, and what was changed."""
    session, actor, form = context.db(), context.actor(), InviteForm()
    team = teams.get_team(session, actor, team_id)
    if not actor.is_state:
        del form.is_supervisor
    if form.submitted():
        try:
            teams.invite_agent(session, actor, team_id, _invited(form), now=context.now())
        except BadRequest as refusal:
            session.rollback()
            words.tell(form, refusal)
        else:
            context.wake("mail")
            return done(url_for("helpdesk.team_page", team_id=team_id), _("The invitation is on its way."))
    members = [
        (one, teams.may_end(actor, one))
        for one in teams.members_of(session, actor, team_id)
    ]
    return show(
        "helpdesk/desk_settings/team.html", form=form, team=team, members=members, words=words,
        history=history_of(session, team_id),
    )  # fmt: skip


@portal.action(f"{_TEAMS}/<uuid:team_id>/end/<uuid:member_id>", needs=MANAGE)
def end_agent(team_id: UUID, member_id: UUID) -> Response:
    """Ask once more, then end it."""
    session, actor, form = context.db(), context.actor(), EndForm()
    team = teams.get_team(session, actor, team_id)
    member = next((one for one in teams.members_of(session, actor, team_id) if one.id == member_id), None)
    if member is None:
        raise NotFound
    if not teams.may_end(actor, member):
        raise NotAllowed
    if form.submitted():
        teams.end_agent(session, actor, team_id, member_id, now=context.now())
        return done(url_for("helpdesk.team_page", team_id=team_id), _("It is ended."))
    return show("helpdesk/desk_settings/end_agent.html", form=form, team=team, member=member)


def _invited(form: InviteForm) -> InviteAgent:
    return InviteAgent(
        form.first_name.data or "", form.last_name.data or "", form.email.data or "", form.user_name.data or "",
        is_supervisor=bool(form["is_supervisor"].data) if "is_supervisor" in form else False,
    )  # fmt: skip


def _name_team(team_id: UUID | None) -> Response:
    session, actor = context.db(), context.actor()
    team = teams.get_team(session, actor, team_id) if team_id else None
    form = TeamForm(data={"name": team.name, "seen": mark_of(session, team.id)} if team else {})
    status = None
    if form.submitted():
        try:
            kept = teams.save_team(session, actor, team_id, form["name"].data or "", form.seen.data or "", now=context.now())
        except (BadRequest, DataChanged) as refusal:
            session.rollback()
            status = words.tell(form, refusal)
        else:
            return done(url_for("helpdesk.team_page", team_id=kept.id), _("Saved."))
    return show("helpdesk/desk_settings/team_name.html", form=form, team=team, status=status)
