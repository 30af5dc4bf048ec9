"""From what an article names to an address that fits the reader: straight into the place where there is one."""

from functools import cache
from urllib.parse import parse_qsl
from uuid import UUID

from flask import current_app, url_for
from werkzeug.routing import BuildError

from app.domain.accounts.access import Role
from app.domain.helpdesk.articles.library import Article
from app.infra.prose import to_html, with_addresses
from app.web import context
from app.web.portal import Portal

ROLES = {
    "provider": {Role.LOCATION_MANAGER, Role.HEALTHCARE_PROVIDER},
    "organization": {Role.ORGANIZATION_CONTACT},
    "recipient": {Role.RECIPIENT},
}
"""Portals whose pages have a place in the address, and the roles that lead to one."""


def article_html(article: Article, language: str) -> str:
    """The text of an article as HTML; links to other articles keep the language."""
    return with_addresses(_html(article), lambda target: address_of(target, language))


def address_of(target: str, language: str = "") -> str:
    """The address of `article:slug`, or of `page:endpoint` or `page:endpoint?name=value`.

    A page that has a place in its address opens at the reader's place; with several places the reader chooses one, and
    whoever is not signed in, or has no part there, signs in.
    """
    kind, _, name = target.partition(":")
    if kind == "article":
        return url_for("helpdesk.article", slug=name, language=language or None)
    endpoint, _, query = name.partition("?")
    arguments = _arguments(query)
    portal = current_app.blueprints[endpoint.partition(".")[0]]
    if not isinstance(portal, Portal) or portal.scope is None or not _has_place(endpoint, portal.scope):
        return url_for(endpoint, **arguments)  # type: ignore[arg-type]
    places = _places(portal.name)
    if len(places) == 1:
        return url_for(endpoint, **{portal.scope: places[0]}, **arguments)  # type: ignore[arg-type]
    if places:
        return url_for("account.choose")
    return url_for("account.sign_in", realm=portal.name)


def _arguments(query: str) -> dict[str, str]:
    """What a link names. A name that begins with an underscore would tell Flask of another scheme or host."""
    return {name: value for name, value in parse_qsl(query) if not name.startswith("_")}


def leads_somewhere(target: str) -> bool:
    """True where `page:endpoint?name=value` is a page that opens by a link, whoever reads it."""
    kind, _, name = target.partition(":")
    endpoint, _, query = name.partition("?")
    arguments = _arguments(query)
    portal = current_app.blueprints.get(endpoint.partition(".")[0])
    if kind != "page" or not isinstance(portal, Portal):
        return False
    place = {portal.scope} if portal.scope else set()
    for rule in current_app.url_map.iter_rules():
        if rule.endpoint == endpoint and "GET" in (rule.methods or ()) and rule.arguments - place <= arguments.keys():
            try:
                url_for(endpoint, **(arguments | dict.fromkeys(place & rule.arguments, UUID(int=0))))  # type: ignore[arg-type]
            except (BuildError, ValueError, TypeError):
                continue
            return True
    return False


def _has_place(endpoint: str, scope: str) -> bool:
    return any(scope in rule.arguments for rule in current_app.url_map.iter_rules(endpoint))


def _places(portal: str) -> list[str]:
    if context.find_account() is None:
        return []
    roles = ROLES.get(portal, set())
    return sorted({str(grant.scope_id) for grant in context.actor().grants if grant.role in roles})


@cache
def _html(article: Article) -> str:
    return to_html(article.text)
