"""Use cases: a supervisor writes an article anew, brings back an older version, or takes it off the pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.errors import Conflict, NotFound
from app.domain.helpdesk.articles.library import (
    AUDIENCES,
    Article,
    Kind,
    article_of,
    newest_versions,
    shipped_articles,
    words_of,
)
from app.domain.helpdesk.articles.models import ArticleVersion
from app.domain.helpdesk.errors import BadRequest
from app.infra import audit
from app.infra.db import one_at_a_time
from app.infra.prose import links_in

LANGUAGES = ("en", "es")
LONGEST = {"title": 200, "keywords": 500, "text": 30_000}
LONGEST_PAGE, LONGEST_SLUG = 80, 60
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Act = Literal["write", "restore", "hide"]


class ArticleChanged(Conflict):
    """Somebody else wrote a version since this form was opened; `version` is the newest."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True, slots=True)
class WriteArticle:
    """The article as it shall read. `seen`: the version that was in the form, 0 for a new article.

    `leads` tells of `page:endpoint?name=value` whether there is such a page.
    """

    slug: str
    language: str
    title: str
    audience: str
    kind: str
    keywords: str
    page: str
    text: str
    seen: int
    leads: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Standing:
    """An article for those who write: as it stands, and whether readers see it."""

    article: Article
    is_hidden: bool
    is_shipped: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One version: when it was written and by whom; both are empty for the one that came with the program."""

    article: Article
    written_at: datetime | None
    who: str
    is_hidden: bool


def list_standing(session: Session, actor: Actor) -> list[Standing]:
    """Every article in every language, hidden ones too, by audience and title. Raises NotFound."""
    _require(actor)
    found = {(one.slug, one.language): Standing(one, False, True) for one in shipped_articles()}
    for key, version in newest_versions(session).items():
        found[key] = Standing(article_of(version), version.is_hidden, key in found)
    order = {audience: place for place, audience in enumerate(AUDIENCES)}
    return sorted(
        found.values(), key=lambda one: (order[one.article.audience], one.article.title.casefold(), one.article.language)
    )


def versions_of(session: Session, actor: Actor, slug: str, language: str) -> list[Version]:
    """All versions of one article, the newest first. Raises NotFound."""
    _require(actor)
    rows = session.execute(
        select(ArticleVersion, Account.first_name, Account.last_name)
        .outerjoin(Account, Account.id == ArticleVersion.written_by_id)
        .where(ArticleVersion.slug == slug, ArticleVersion.language == language)
        .order_by(ArticleVersion.version.desc())
    )
    found = [
        Version(article_of(row), row.written_at, f"{first or ''} {last or ''}".strip(), row.is_hidden)
        for row, first, last in rows
    ]
    first_one = [one for one in shipped_articles() if (one.slug, one.language) == (slug, language)]
    found += [Version(one, None, "", False) for one in first_one]
    if not found:
        raise NotFound
    return found


def write_article(session: Session, actor: Actor, command: WriteArticle, *, now: datetime) -> Article:
    """Keep the next version of an article, or the first of a new one; readers see it at once.

    Raises NotFound, BadRequest, ArticleChanged.
    """
    _require(actor)
    newest = _hold(session, command.slug, command.language)
    if (newest.article.version if newest else 0) != command.seen:
        if not command.seen:
            raise BadRequest("slug", "taken")
        raise ArticleChanged(newest.article.version if newest else 0)
    return _add(session, actor, checked_article(session, actor, command), "write", now=now)


def checked_article(session: Session, actor: Actor, command: WriteArticle) -> Article:
    """The article as it would read, where it is in order: for the preview. Raises NotFound, BadRequest."""
    _require(actor)
    typed = {
        name: getattr(command, name).replace("\r\n", "\n").strip() for name in ("title", "keywords", "text", "page")
    }
    _check_sort(command)
    for name in ("title", "text"):
        if not typed[name]:
            raise BadRequest(name, "missing")
    for name, longest in LONGEST.items():
        if len(typed[name]) > longest:
            raise BadRequest(name, "too_long", limit=longest)
    if typed["page"] and (len(typed["page"]) > LONGEST_PAGE or not command.leads(f"page:{typed['page']}")):
        raise BadRequest("page", "bad_page")
    _check_links(session, command, typed["text"])
    return Article(
        slug=command.slug, language=command.language, title=" ".join(typed["title"].split()),
        audience=command.audience, kind="guide" if command.kind == "guide" else "answer", version=command.seen,
        keywords=words_of(typed["keywords"]), page=typed["page"], text=typed["text"],
    )  # fmt: skip


def restore_version(
    session: Session, actor: Actor, slug: str, language: str, version: int, seen: int, *, now: datetime
) -> Article:
    """An older text becomes the newest version; nothing between is lost. Raises NotFound, ArticleChanged."""
    old = _one(session, actor, slug, language, version, seen)
    return _add(session, actor, old.article, "restore", now=now)


def hide_article(session: Session, actor: Actor, slug: str, language: str, seen: int, *, now: datetime) -> Article:
    """Readers do not find it any more; any version can be brought back. Raises NotFound, ArticleChanged."""
    newest = _one(session, actor, slug, language, seen, seen)
    return _add(session, actor, newest.article, "hide", now=now)


def _require(actor: Actor) -> None:
    if not actor.anywhere(Permission.MANAGE_HELP_DESK):
        raise NotFound


def _hold(session: Session, slug: str, language: str) -> Version | None:
    """The newest version; others wait until this transaction ends."""
    one_at_a_time(session, f"article {slug} {language}")
    row = session.scalar(
        select(ArticleVersion)
        .where(ArticleVersion.slug == slug, ArticleVersion.language == language)
        .order_by(ArticleVersion.version.desc())
        .limit(1)
    )
    if row is not None:
        return Version(article_of(row), row.written_at, "", row.is_hidden)
    file = next((one for one in shipped_articles() if (one.slug, one.language) == (slug, language)), None)
    return Version(file, None, "", False) if file else None


def _one(session: Session, actor: Actor, slug: str, language: str, version: int, seen: int) -> Version:
    _require(actor)
    newest = _hold(session, slug, language)
    if newest is None:
        raise NotFound
    if newest.article.version != seen:
        raise ArticleChanged(newest.article.version)
    found = next(
        (one for one in versions_of(session, actor, slug, language) if one.article.version == version), None
    )
    if found is None:
        raise NotFound
    return found


def _check_sort(command: WriteArticle) -> None:
    if not _SLUG.fullmatch(command.slug) or len(command.slug) > LONGEST_SLUG:
        raise BadRequest("slug", "bad_slug" if command.slug else "missing")
    if command.language not in LANGUAGES:
        raise BadRequest("language", "unknown")
    if command.audience not in AUDIENCES:
        raise BadRequest("audience", "unknown")
    if command.kind not in get_args(Kind):
        raise BadRequest("kind", "unknown")


def _check_links(session: Session, command: WriteArticle, text: str) -> None:
    """Links to pages and articles lead somewhere, so that no reader meets a page that breaks."""
    slugs = {slug for slug, _language in newest_versions(session)} | {one.slug for one in shipped_articles()}
    for link in links_in(text):
        kind, _, name = link.partition(":")
        known = command.leads(link) if kind == "page" else name in slugs | {command.slug}
        if not known:
            raise BadRequest("text", "bad_link")


def _highest(article: Article, newest: Version | None) -> int:
    """The highest number so far: a release may have brought a newer file beside what was written here."""
    files = [one.version for one in shipped_articles() if (one.slug, one.language) == (article.slug, article.language)]
    return max([newest.article.version if newest else 0, *files])


def _add(session: Session, actor: Actor, old: Article, act: Act, *, now: datetime) -> Article:
    by_id: UUID | None = actor.id if actor.kind == "person" else None
    newest = _hold(session, old.slug, old.language)
    version = ArticleVersion(
        slug=old.slug, language=old.language, version=_highest(old, newest) + 1, title=old.title,
        audience=old.audience, kind=old.kind, keywords=", ".join(old.keywords), page=old.page, text=old.text,
        is_hidden=act == "hide", written_at=now, written_by_id=by_id,
    )  # fmt: skip
    session.add(version)
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=by_id, act=f"help_desk.article_{act}", subject_kind="help_article",
        subject_id=version.id, now=now, slug=old.slug, language=old.language, version=version.version,
    )  # fmt: skip
    return article_of(version)


