"""What stands around every page: the portal's name, its menu, the place, who is signed in, and banners."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from app.domain.errors import Refusal
from app.web import context, languages, shared, support
from app.web.notice_words import Banner, banners_of
from app.web.portal import Portal


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of a menu; with children it opens and shows them."""

    label: str
    url: str
    current: bool = False
    children: list["MenuItem"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chrome:
    """Everything that the layout shows outside the page's own content."""

    portal_title: str | None
    home_url: str
    menu: list[MenuItem]
    place_name: str | None
    switch_url: str | None
    switch_words: str
    person_name: str | None
    account_url: str | None
    sign_out_url: str | None
    sign_in_url: str | None
    banners: list[Banner]
    help_phone: str
    help_hours: str
    locale: str
    other_language: languages.Switch | None
    is_shared: bool
    csrf_token: Callable[[], str]

    @property
    def today(self) -> date:
        """The day that a page on paper tells."""
        return context.today()

    @property
    def is_demo(self) -> bool:
        """True where a page on paper says that its people are invented; on the screen a banner does."""
        return context.settings().demo


def item(label: str, endpoint: str, *, exactly: bool = False, **arguments: object) -> MenuItem:
    """A menu entry that leads to a page of ours; current on that page and (unless `exactly`) on those below it."""
    url = url_for(endpoint, **arguments)  # type: ignore[arg-type]
    below = not exactly and request.path.startswith(url.rstrip("/") + "/")
    return MenuItem(label, url, current=request.path == url or below)


def make_chrome() -> Chrome:
    """The chrome of the page being made."""
    blueprint = current_app.blueprints.get(request.blueprint or "")
    portal = blueprint if isinstance(blueprint, Portal) else None
    account = context.find_account()
    place = portal.place_of(request.view_args or {}) if portal else None
    inside = portal is not None and portal.scope is not None and account is not None
    return Chrome(
        portal_title=str(portal.title) if portal and portal.title else None,
        home_url=url_for("front.home"),
        menu=portal.menu(place) if portal and account else [],
        place_name=_place_name(portal, place) if portal and inside and place else None,
        switch_url=url_for("account.choose") if account and _has_choice() else None,
        switch_words=_("Switch to another person") if account and _is_for_people() else _("Switch location or role"),
        person_name=account.full_name if account else None,
        account_url=url_for("account.own_account") if account else None,
        sign_out_url=url_for("account.sign_out") if account else None,
        sign_in_url=None if account else url_for("front.home"),
        banners=_banners(portal.name if portal else ""),
        help_phone=support.program().help_phone,
        help_hours=support.program().hours_in(languages.current()),
        locale=languages.current(),
        other_language=languages.switch(),
        is_shared=shared.is_shared(),
        csrf_token=generate_csrf,
    )


def _place_name(portal: Portal, place: UUID) -> str | None:
    """The place above the page; none on the page that says that there is no such place."""
    try:
        return portal.place_name(place)
    except Refusal:
        return None


def _has_choice() -> bool:
    """True where the page of choices has more than one: the locations of an enrollment are part of it there."""
    scopes = {(grant.scope_kind, grant.scope_id) for grant in context.actor().grants}
    places = {scope for scope in scopes if scope[0] != "enrolled_location"}
    apart = len(places) < len(scopes) and not any(kind == "enrollment" for kind, _id in places)
    return len(places) + apart > 1


def _is_for_people() -> bool:
    """True for somebody who has a record and acts for others, and nothing else."""
    return all(grant.scope_kind == "recipient" for grant in context.actor().grants)


def _banners(portal: str) -> list[Banner]:
    settings, parts, now = context.settings(), context.machines(), context.now()
    banners = banners_of(parts.announcements.standing(parts.database, now=now), portal, now)
    if settings.demo:
        banners.append(Banner("info", _("This is a demonstration with invented people. Enter no real ones.")))
    account = context.find_account()
    works = account is not None and any(grant.scope_kind != "recipient" for grant in context.actor().grants)
    if works and parts.announcements.worker_is_silent(parts.database, now=now):
        banners.append(
            Banner(
                "warning",
                _(
                    "Work in the background has stopped: mails and large uploads wait until it runs again. Nothing is lost."
                ),
            )
        )
    return banners
