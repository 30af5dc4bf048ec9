"""The articles: read once from their files, then as supervisors have written them anew."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.helpdesk.articles.models import ArticleVersion

TEXTS = Path(__file__).parent / "texts"
AUDIENCES = ("provider", "organization", "recipient", "agent")
"""For whom an article is. `agent`: everybody who works for the program, agents of the help desk and the state's staff."""
SOURCE_LANGUAGE = "en"

Kind = Literal["answer", "guide"]
_FILE = re.compile(r"([a-z0-9-]+)\.([a-z]{2})\.md")
_FIELDS = {"title", "audience", "kind", "version", "keywords", "page"}


@dataclass(frozen=True, slots=True)
class Article:
    """One text in one language. `page` is the endpoint that it leads to, or empty; `text` is Markdown.

    Links in the text are written `page:endpoint` or `article:slug`: the portal makes addresses of them.
    """

    slug: str
    language: str
    title: str
    audience: str
    kind: Kind
    version: int
    keywords: tuple[str, ...]
    page: str
    text: str


_MARK = select(
    func.count(), select(ArticleVersion.id).order_by(ArticleVersion.id.desc()).limit(1).scalar_subquery()
).select_from(ArticleVersion)
_kept: dict[tuple[Any, ...], tuple[Article, ...]] = {}


@cache
def shipped_articles() -> tuple[Article, ...]:
    """Every article in every language as it came with the program: the first version of each."""
    return _in_order(_read(path) for path in sorted(TEXTS.glob("*.md")))


def all_articles(session: Session) -> tuple[Article, ...]:
    """Every article in every language as it stands, guides first, then by title.

    Kept by the process until another version is written: versions are only ever added, so that their number and the
    newest one tell.
    """
    mark = tuple(session.execute(_MARK).one())
    if mark not in _kept:
        articles = _as_they_stand(session) if mark[0] else shipped_articles()
        _kept.clear()
        _kept[mark] = articles
        return articles
    return _kept[mark]


def articles_of(session: Session, audience: str, language: str, *, kind: Kind | None = None) -> list[Article]:
    """The articles of an audience, each in the language where it exists, else in English."""
    return [
        article
        for article in in_language(all_articles(session), language)
        if article.audience == audience and kind in (None, article.kind)
    ]


def get_article(session: Session, slug: str, language: str) -> Article:
    """One article in the language, or in English where it is not translated. Raises NotFound."""
    for article in in_language(all_articles(session), language):
        if article.slug == slug:
            return article
    raise NotFound


def languages_of(session: Session, slug: str) -> list[str]:
    """The languages in which an article exists, English first."""
    return sorted(
        (article.language for article in all_articles(session) if article.slug == slug),
        key=lambda language: (language != SOURCE_LANGUAGE, language),
    )


def audiences_of(actor: Actor | None) -> tuple[str, ...]:
    """Whose articles somebody may read (None: nobody is signed in). Those for the program's own people are theirs."""
    works_for_program = actor is not None and (actor.is_state or actor.anywhere(Permission.WORK_CASES))
    return AUDIENCES if works_for_program else AUDIENCES[:3]


def article_of(version: ArticleVersion) -> Article:
    """A version that was written here, as an article."""
    return Article(
        slug=version.slug, language=version.language, title=version.title, audience=version.audience,
        kind="guide" if version.kind == "guide" else "answer", version=version.version,
        keywords=words_of(version.keywords), page=version.page, text=version.text,
    )  # fmt: skip


def words_of(keywords: str) -> tuple[str, ...]:
    """Keywords as they are typed, with commas between them."""
    return tuple(word.strip() for word in keywords.split(",") if word.strip())


def newest_versions(session: Session) -> dict[tuple[str, str], ArticleVersion]:
    """The newest version of each article that was written here, by slug and language; hidden ones too."""
    rows = session.scalars(select(ArticleVersion).order_by(ArticleVersion.version))
    return {(row.slug, row.language): row for row in rows}


def _as_they_stand(session: Session) -> tuple[Article, ...]:
    found = {(one.slug, one.language): one for one in shipped_articles()}
    for key, version in newest_versions(session).items():
        if version.is_hidden:
            found.pop(key, None)
        else:
            found[key] = article_of(version)
    return _in_order(found.values())


def _in_order(articles: Iterable[Article]) -> tuple[Article, ...]:
    return tuple(sorted(articles, key=lambda article: (article.kind != "guide", article.title)))


def in_language(articles: Iterable[Article], language: str) -> list[Article]:
    """One of each slug: in the language where it exists, else in English."""
    chosen: dict[str, Article] = {}
    for article in articles:
        if article.language == language or (article.language == SOURCE_LANGUAGE and article.slug not in chosen):
            chosen[article.slug] = article
    return list(chosen.values())


def _read(path: Path) -> Article:
    named = _FILE.fullmatch(path.name)
    assert named, f"{path.name} is not named slug.language.md"
    head, _, text = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    facts = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in head.splitlines())}
    assert facts.keys() == _FIELDS, f"{path.name}: {facts.keys() ^ _FIELDS}"
    assert facts["audience"] in AUDIENCES, path.name
    assert facts["kind"] in ("answer", "guide"), path.name
    return Article(
        slug=named[1], language=named[2], title=facts["title"], audience=facts["audience"],
        kind="guide" if facts["kind"] == "guide" else "answer", version=int(facts["version"]),
        keywords=words_of(facts["keywords"]), page=facts["page"],
        text=text.strip(),
    )  # fmt: skip
