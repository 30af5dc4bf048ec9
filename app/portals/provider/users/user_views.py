"""One user of a location: profile, invitation, deactivation."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.providers.change_user import (
    ChangeProfile,
    DeactivateUser,
    ResendInvitation,
    change_profile,
    deactivate_user,
    resend_invitation,
)
from app.domain.providers.user_errors import AlreadySignedIn, NotDone, UserRefused
from app.domain.providers.users import LocationUser, get_user
from app.portals.provider.portal import portal
from app.portals.provider.users import wording
from app.portals.provider.users.forms import ConfirmForm, ProfileForm, ResendForm
from app.web import context
from app.web.answers import done, show

_NEEDS = Permission.MANAGE_USERS
_ONE = "/<uuid:location_id>/users/<uuid:user_id>"


@portal.action(_ONE, needs=_NEEDS)
def user(location_id: UUID, user_id: UUID) -> Response:
    """Who it is, how far they have come, and another profile."""
    found = _find(location_id, user_id)
    form = ProfileForm(data={"profile": found.role.value})
    if form.submitted():
        command = ChangeProfile(location_id, user_id, form.profile.data or "")
        try:
            change_profile(context.db(), context.actor(), command, now=context.now())
        except UserRefused as refusal:
            wording.put_reasons(form, refusal)
        except NotDone as refusal:
            form.form_errors.append(wording.why_text(refusal.why))
        else:
            context.wake("mail")
            return done(_url(location_id, user_id), _("Saved."))
    return _show(location_id, found, form=form)


@portal.action(f"{_ONE}/invitation", needs=_NEEDS)
def resend_user_invitation(location_id: UUID, user_id: UUID) -> Response:
    """Send the invitation again, to a corrected address if need be."""
    found = _find(location_id, user_id)
    form = ResendForm(data={"email": found.email})
    if form.submitted():
        command = ResendInvitation(location_id, user_id, form.email.data or "")
        try:
            email = resend_invitation(context.db(), context.actor(), command, now=context.now())
        except UserRefused as refusal:
            wording.put_reasons(form, refusal)
        except AlreadySignedIn:
            return done(_url(location_id, user_id), _("They have answered the invitation: nothing was sent."), "info")
        else:
            context.wake("mail")
            return done(
                _url(location_id, user_id),
                _("The mail is on its way to %(email)s. Links from earlier mails stop working.", email=email),
            )
    return show("provider/users/resend.html", form=form, location_id=location_id, user=found)


@portal.action(f"{_ONE}/deactivate", needs=_NEEDS)
def deactivate_user_page(location_id: UUID, user_id: UUID) -> Response:
    """Are you sure? Then they can no longer work here, and are signed out."""
    found, form = _find(location_id, user_id), ConfirmForm()
    if form.submitted():
        try:
            deactivate_user(context.db(), context.actor(), DeactivateUser(location_id, user_id), now=context.now())
        except NotDone as refusal:
            form.form_errors.append(wording.why_text(refusal.why))
        else:
            url = url_for("provider.users", location_id=location_id)
            if found.account_id is None:
                return done(url, _("The invitation of %(name)s no longer works.", name=found.full_name))
            return done(url, _("%(name)s can no longer work here.", name=found.full_name))
    return show("provider/users/deactivate.html", form=form, location_id=location_id, user=found)


def _find(location_id: UUID, user_id: UUID) -> LocationUser:
    return get_user(context.db(), context.actor(), location_id, user_id)


def _url(location_id: UUID, user_id: UUID) -> str:
    return url_for("provider.user", location_id=location_id, user_id=user_id)


def _show(location_id: UUID, found: LocationUser, *, form: ProfileForm) -> Response:
    oneself = found.account_id == context.account().id
    return show(
        "provider/users/user.html", form=form, location_id=location_id, user=found, words=wording, oneself=oneself
    )
