"""Users of the whole program: the list with its search, and one user. What is done with them is next door."""

from datetime import timedelta
from uuid import UUID

from flask import Response, url_for

from app.domain.accounts import second_factor
from app.domain.accounts.access import Permission
from app.domain.oversight.find_users import Wanted, find_users, is_too_short, records_of_users
from app.domain.oversight.one_user import user_page
from app.domain.oversight.places import places_named
from app.domain.oversight.rights import roles_to_give
from app.portals.state.portal import portal
from app.portals.state.users import act_views, invite_views, role_views, wording
from app.portals.state.users.forms import ConfirmForm, UserSearch
from app.web import context
from app.web.answers import show
from app.web.context import actor, db, now
from app.web.paging import Pager, after_from_request
from app.web.role_words import REALM_WORDS
from app.web.sealed import answer_at
from app.web.shown import note_shown

__all__ = ["act_views", "invite_views", "role_views"]

_NEEDS = Permission.MANAGE_STAFF


@portal.action("/users", needs=_NEEDS)
def users() -> Response:
    """Everybody who can sign in, by name, user name, e-mail, role and place. No name stands in an address."""
    search = UserSearch()
    if search.submitted():
        return answer_at(url_for("state.users", **search.arguments()))
    typed_place = search.place.data or ""
    places = tuple(place.id for place in places_named(db(), actor(), typed_place)) if typed_place else None
    wanted = Wanted(search.typed, search.chosen_role(), places)
    found = find_users(db(), actor(), wanted, after=after_from_request())
    if wanted != Wanted():
        note_shown("recipient.found", records_of_users(db(), actor(), (one.id for one in found.items)))
    return show(
        "state/users/list.html", fragment="list", form=search, users=found.items, pager=Pager(found), words=wording,
        too_short=is_too_short(search.typed), everybody=wanted == Wanted(),
    )  # fmt: skip


@portal.page("/users/<uuid:account_id>", needs=_NEEDS)
def user(account_id: UUID) -> Response:
    """One user: who it is, what they may do, and what can be done for them."""
    idle = timedelta(seconds=context.settings().session_idle_seconds)
    found = user_page(db(), actor(), account_id, idle=idle, now=now())
    context.note_read("account.opened", "account", account_id)
    note_shown("recipient.account_opened", records_of_users(db(), actor(), [account_id]))
    return show(
        "state/users/user.html", user=found, words=wording, realms=REALM_WORDS, form=ConfirmForm(),
        factor=second_factor.standing(db(), found.account, now=now()),
        may_see_log=actor().may(Permission.VIEW_ACCESS_LOG, at=None), oneself=account_id == actor().id, may_give=bool(roles_to_give(actor())),
    )  # fmt: skip
