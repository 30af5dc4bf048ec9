"""Give a role: which one, where, until when."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import SCOPE_OF_ROLE, Permission, Role
from app.domain.errors import NotFound, Refusal
from app.domain.oversight.errors import EndsTooEarly, PlaceMissing
from app.domain.oversight.give_role import GiveRole, give_role_to_user
from app.domain.oversight.one_user import get_user
from app.domain.oversight.places import FoundPlace, places_for_role
from app.domain.oversight.rights import roles_to_give
from app.portals.state.portal import portal
from app.portals.state.users import wording
from app.portals.state.users.forms import LONGEST_PLACE, GiveForm
from app.web import context
from app.web.answers import done, go, show
from app.web.context import actor, db, now
from app.web.forms import add_error, choices

_NEEDS = Permission.MANAGE_STAFF


@portal.page("/users/<uuid:account_id>/roles", needs=_NEEDS)
def choose_role(account_id: UUID) -> Response:
    """Which role?"""
    if account_id == actor().id:
        return _back(account_id)
    found = get_user(db(), actor(), account_id)
    return show("state/users/choose_role.html", account=found, roles=roles_to_give(actor()), words=wording)


@portal.action("/users/<uuid:account_id>/roles/<role>", needs=_NEEDS)
def give_user_role(account_id: UUID, role: str) -> Response:
    """Where, found by typing, and until when."""
    if account_id == actor().id:
        return _back(account_id)
    account, chosen = get_user(db(), actor(), account_id), _role(role)
    kind, typed = SCOPE_OF_ROLE[chosen], request.args.get("place", "")[:LONGEST_PLACE]
    places = places_for_role(db(), actor(), chosen, typed)
    form = GiveForm()
    _offer(form, kind, places)
    if form.submitted():
        scope_id = UUID(form.place.data) if kind != "program" else None
        command = GiveRole(account_id, chosen, scope_id, form.last_day.data)
        try:
            place = give_role_to_user(db(), actor(), command, zone=context.settings().zone, now=now())
        except (EndsTooEarly, PlaceMissing) as refusal:
            field = form.last_day if isinstance(refusal, EndsTooEarly) or kind == "program" else form.place
            add_error(field, wording.why_not(refusal))
        except NotFound:
            raise
        except Refusal as refusal:
            form.form_errors.append(wording.why_not(refusal))
        else:
            return _given(account_id, chosen, place)
    return show(
        "state/users/give_role.html", fragment="places", form=form, account=account, role=chosen, kind=kind, typed=typed, places=places,
        words=wording,
    )  # fmt: skip


def _role(text: str) -> Role:
    found = next((one for one in roles_to_give(actor()) if one.value == text), None)
    if found is None:
        raise NotFound(text)
    return found


def _offer(form: GiveForm, kind: str, places: list[FoundPlace]) -> None:
    """The places to choose from; for the whole program there is nothing to choose."""
    form.place.choices = choices([(str(place.id), _label(place)) for place in places])
    if kind == "program":
        del form.place


def _label(place: FoundPlace) -> Any:
    return f"{place.name} ({place.detail})" if place.detail else place.name


def _given(account_id: UUID, role: Role, place: str) -> Response:
    context.wake("mail")
    url, word = url_for("state.user", account_id=account_id), wording.role_word(role)
    if place:
        return done(url, _("They have the role “%(role)s” at %(place)s now. A mail tells them.", role=word, place=place))
    return done(url, _("They have the role “%(role)s” now. A mail tells them.", role=word))


def _back(account_id: UUID) -> Response:
    return go(url_for("state.user", account_id=account_id))
