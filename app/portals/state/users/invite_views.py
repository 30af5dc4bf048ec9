"""Invite somebody who has no account yet; the invitations that nobody answered."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import SCOPE_OF_ROLE, Permission, Role
from app.domain.oversight.errors import AboveOneself, PlaceMissing
from app.domain.oversight.invite_staff import (
    BY_INVITATION,
    InviteStaff,
    get_invited,
    invite_staff,
    invite_staff_again,
    open_invitations,
    withdraw_invitation,
)
from app.domain.oversight.places import places_for_role
from app.domain.oversight.rights import may_give
from app.domain.providers.user_errors import UserRefused
from app.portals.state.portal import portal
from app.portals.state.users import wording
from app.portals.state.users.forms import InviteForm, ResendForm
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now
from app.web.forms import add_error, choices

_NEEDS = Permission.MANAGE_STAFF


@portal.page("/users/invitations", needs=_NEEDS)
def staff_invitations() -> Response:
    """Who was invited to work for the program or at the help desk, and has not answered."""
    return show("state/users/invitations.html", invited=open_invitations(db(), actor()), words=wording)


@portal.action("/users/invite", needs=_NEEDS)
def invite_user() -> Response:
    """Somebody new: a mail invites them to choose a password."""
    form = InviteForm()
    form.role.choices = choices([(one.value, wording.role_word(one)) for one in BY_INVITATION if may_give(actor(), one)])
    teams = places_for_role(db(), actor(), Role.HELP_DESK_AGENT, "")
    form.team.choices = choices([(str(team.id), team.name) for team in teams], _("None"))
    if form.submitted():
        try:
            made = invite_staff(db(), actor(), _command(form), now=now())
        except UserRefused as refusal:
            wording.put_reasons(form, refusal)
        except PlaceMissing:
            add_error(form.team, _("Choose the team in which they will answer"))
        except AboveOneself as refusal:
            add_error(form.role, wording.why_not(refusal))
        else:
            context.wake("mail")
            return done(url_for("state.staff_invitations"), _("The invitation is on its way to %(email)s.", email=made.email))
    return show("state/users/invite.html", form=form, words=wording)


@portal.action("/users/invitations/<uuid:invitation_id>", needs=_NEEDS)
def resend_staff_invitation(invitation_id: UUID) -> Response:
    """The mail once more, to a corrected address if need be."""
    found = get_invited(db(), actor(), invitation_id)
    form = ResendForm(data={"email": found.invitation.email})
    if form.submitted():
        try:
            email = invite_staff_again(db(), actor(), invitation_id, form.email.data or "", now=now())
        except UserRefused as refusal:
            wording.put_reasons(form, refusal)
        else:
            context.wake("mail")
            told = _("The mail is on its way to %(email)s. Links from earlier mails stop working.", email=email)
            return done(url_for("state.staff_invitations"), told)
    return show("state/users/resend.html", form=form, invited=found, words=wording)


@portal.action("/users/invitations/<uuid:invitation_id>/withdraw", needs=_NEEDS, methods=("POST",))
def withdraw_staff_invitation(invitation_id: UUID) -> Response:
    """It can no longer be answered."""
    withdraw_invitation(db(), actor(), invitation_id, now=now())
    return done(url_for("state.staff_invitations"), _("The invitation no longer works."))


def _command(form: InviteForm) -> InviteStaff:
    role = Role(form.role.data)
    team = UUID(form.team.data) if SCOPE_OF_ROLE[role] == "team" and form.team.data else None
    return InviteStaff(
        form.first_name.data or "", form.last_name.data or "", form.email.data or "", form.user_name.data or "", role, team
    )
