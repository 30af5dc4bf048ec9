"""Use case: a reader says whether an article helped. Counted per version, so that a better text starts anew."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.helpdesk.articles.library import Article, audiences_of, get_article
from app.domain.helpdesk.articles.models import ArticleVote


@dataclass(frozen=True, slots=True)
class JudgeArticle:
    """`version` is the one that was read; a newer one may have come meanwhile."""

    slug: str
    language: str
    version: int
    is_helpful: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many found a version helpful, and how many did not."""

    yes: int
    no: int


def judge_article(session: Session, actor: Actor | None, command: JudgeArticle, *, now: datetime) -> ArticleVote:
    """Count one reader's word. Raises NotFound for an article, language or version that there never was."""
    article = get_article(session, command.slug, command.language)
    if article.audience not in audiences_of(actor) or article.language != command.language:
        raise NotFound
    if not 1 <= command.version <= article.version:
        raise NotFound
    vote = ArticleVote(
        slug=article.slug, language=article.language, version=command.version, is_helpful=command.is_helpful, at=now
    )
    session.add(vote)
    session.flush()
    return vote


def verdict_on(session: Session, article: Article) -> Verdict:
    """What readers said of this version."""
    said = session.execute(
        select(ArticleVote.is_helpful, func.count())
        .where(
            ArticleVote.slug == article.slug,
            ArticleVote.language == article.language,
            ArticleVote.version == article.version,
        )
        .group_by(ArticleVote.is_helpful)
    )
    counts = dict(said.all())
    return Verdict(yes=counts.get(True, 0), no=counts.get(False, 0))
