"""The users of a location: the list, one new user, a user of another location. One user and workbooks are next door."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.accounts.access import Permission
from app.domain.providers.grant_user import ATTEMPT, FoundUser, GrantUser, grant_user
from app.domain.providers.take_on_user import TakeOnUser, take_on_user
from app.domain.providers.user_details import FIELDS
from app.domain.providers.user_errors import NobodyFound, NotDone, SeveralFound, TooManySearches, UserRefused
from app.domain.providers.users import list_users
from app.portals.provider.portal import portal
from app.portals.provider.users import user_views, wording, workbook_views
from app.portals.provider.users.forms import GrantForm, NewUserForm
from app.web import context
from app.web.answers import done, show
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request

__all__ = ["user_views", "workbook_views"]

_NEEDS = Permission.MANAGE_USERS


@portal.page("/<uuid:location_id>/users", needs=_NEEDS)
def users(location_id: UUID) -> Response:
    """Who works here and who is invited, by name; or those who were deactivated."""
    deactivated = request.args.get("show") == "deactivated"
    found = list_users(context.db(), context.actor(), location_id, deactivated=deactivated, after=after_from_request())
    return show(
        "provider/users/list.html", location_id=location_id, users=found.items, pager=Pager(found), words=wording,
        deactivated=deactivated,
    )  # fmt: skip


@portal.action("/<uuid:location_id>/users/new", needs=_NEEDS)
def new_user(location_id: UUID) -> Response:
    """Take one person on: an invitation goes out, or a mail to somebody who has an account already."""
    form = NewUserForm()
    if form.submitted():
        typed = {name: form[name].data or "" for name in FIELDS}
        try:
            taken = take_on_user(context.db(), context.actor(), TakeOnUser(location_id, **typed), now=context.now())
        except UserRefused as refusal:
            wording.put_reasons(form, refusal)
        else:
            context.wake("mail")
            return done(url_for("provider.users", location_id=location_id), _taken_text(taken, typed["email"]))
    return show("provider/users/new.html", form=form, location_id=location_id)


@portal.action("/<uuid:location_id>/users/grant", needs=_NEEDS)
def grant_location(location_id: UUID) -> Response:
    """A user of another location gets this one: the whole user name or address, a look at the name, then yes."""
    form, found = GrantForm(), None
    if form.submitted():
        command = GrantUser(
            location_id, form.who.data or "", form.profile.data or "", request.form.get("confirmed") == "yes"
        )
        try:
            found, given = grant_user(context.db(), context.actor(), command, now=context.now())
        except (NobodyFound, SeveralFound, TooManySearches, NotDone, UserRefused) as refusal:
            _refuse_grant(form, refusal)
        else:
            if given:
                return _granted(location_id, found)
    return show(
        "provider/users/grant.html", form=form, location_id=location_id, found=found, status=422 if found else None
    )


def _granted(location_id: UUID, found: FoundUser) -> Response:
    context.wake("mail")
    return done(
        url_for("provider.users", location_id=location_id),
        _("%(name)s can work here now. A mail tells them so.", name=found.full_name),
    )


def _refuse_grant(form: GrantForm, refusal: Exception) -> None:
    if isinstance(refusal, UserRefused):
        wording.put_reasons(form, refusal)
    elif isinstance(refusal, NotDone):
        add_error(form.who, wording.why_text(refusal.why))
    elif isinstance(refusal, SeveralFound):
        add_error(form.who, _("Several users share this e-mail address. Enter the NCID user name instead."))
    elif isinstance(refusal, TooManySearches):
        form.form_errors.append(_("Nobody was found many times. Please wait fifteen minutes, then try again."))
    else:
        key, parts, now = str(context.actor().id), context.database(), context.now()
        context.afterwards(lambda: attempts.note(parts, ATTEMPT, key, now=now))
        add_error(
            form.who,
            _("No user has exactly this NCID user name or e-mail address. Check it, or add them as a new user."),
        )


def _taken_text(taken: str, email: str) -> str:
    if taken == "granted":
        return _(
            "They have an account with this NCID user name: it has this location too now, and a mail tells them so."
        )
    return _("The invitation is on its way to %(email)s.", email=email.strip())
