"""The articles, read once from their files."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound

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


@cache
def all_articles() -> tuple[Article, ...]:
    """Every article in every language, guides first, then by title."""
    found = [_read(path) for path in sorted(TEXTS.glob("*.md"))]
    return tuple(sorted(found, key=lambda article: (article.kind != "guide", article.title)))


def articles_of(audience: str, language: str, *, kind: Kind | None = None) -> list[Article]:
    """The articles of an audience, each in the language where it exists, else in English."""
    return [
        article
        for article in _in_language(all_articles(), language)
        if article.audience == audience and kind in (None, article.kind)
    ]


def get_article(slug: str, language: str) -> Article:
    """One article in the language, or in English where it is not translated. Raises NotFound."""
    for article in _in_language(all_articles(), language):
        if article.slug == slug:
            return article
    raise NotFound


def languages_of(slug: str) -> list[str]:
    """The languages in which an article exists, English first."""
    return sorted(
        (article.language for article in all_articles() if article.slug == slug),
        key=lambda language: (language != SOURCE_LANGUAGE, language),
    )


def audiences_of(actor: Actor | None) -> tuple[str, ...]:
    """Whose articles somebody may read (None: nobody is signed in). Those for the program's own people are theirs."""
    works_for_program = actor is not None and (actor.is_state or actor.anywhere(Permission.WORK_CASES))
    return AUDIENCES if works_for_program else AUDIENCES[:3]


def _in_language(articles: Iterable[Article], language: str) -> list[Article]:
    """One of each slug."""
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
        keywords=tuple(word.strip() for word in facts["keywords"].split(",") if word.strip()), page=facts["page"],
        text=text.strip(),
    )  # fmt: skip
