"""Search as you type over the organizations: in layers, each of them limited, the likeliest first.

1. Names that begin with what was typed. 2. Organizations with words that begin with the typed words, those of
the name first: of several typed words the rarest leads; where each of them is common, an index of word starts
knows who has them all. 3. Only when fewer than ten were found: the typed letters in the middle of words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotAllowed
from app.domain.organizations.models import (
    ADDRESS_WORD,
    LONGEST_NAME,
    LONGEST_WORD,
    MIDDLES,
    NAME_WORD,
    STARTS,
    Organization,
    OrganizationText,
    OrganizationWord,
)
from app.infra.search import TRIGRAM, fold, holds, starts_with

FEWEST_LETTERS = 3
MOST_RESULTS = 20
ENOUGH = 10
MOST_WORDS = 6
COMMON = 1_000
CANDIDATES = 100

_WEIGHTS = (NAME_WORD, ADDRESS_WORD)
_weight, _word, _number = OrganizationWord.weight, OrganizationWord.word, OrganizationWord.number
_Shown: TypeAlias = Select[UUID, str, str, str, str, str, str]
_SHOWN = select(
    Organization.id,
    Organization.name,
    Organization.industry,
    Organization.street,
    Organization.city,
    Organization.state_abbr,
    Organization.zip,
)
_SHOWN_BY_NUMBER = _SHOWN.join(OrganizationText, OrganizationText.organization_id == Organization.id)


@dataclass(frozen=True, slots=True)
class Match:
    """An organization as a list of results shows it."""

    id: UUID
    name: str
    industry: str
    street: str
    city: str
    state_abbr: str
    zip: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found. `more`: there are others. `too_short`: fewer than three letters were typed."""

    matches: tuple[Match, ...] = ()
    more: bool = False
    too_short: bool = False


def search_organizations(
    session: Session, actor: Actor, typed: str, *, limit: int = MOST_RESULTS
) -> SearchResult:
    """Organizations that may be meant by what was typed so far, at most `limit`, names that begin so first.

    Raises NotAllowed for those who manage organizations nowhere: a contact sees their own only.
    """
    if not actor.anywhere(Permission.MANAGE_ORGANIZATIONS):
        raise NotAllowed
    folded = fold(typed[:LONGEST_NAME])
    if len(folded.replace(" ", "")) < FEWEST_LETTERS:
        return SearchResult(too_short=True)
    found: dict[UUID, Match] = {}
    _gather(found, names_beginning_with(session, folded, limit + 1))
    if len(found) <= limit:
        words = _count(session, words_of(folded)[:MOST_WORDS])
        _gather(found, _by_words(session, words, limit + 1 + len(found)))
        if len(found) < ENOUGH:
            _gather(found, _by_middles(session, words, limit + 1))
    return SearchResult(tuple(found.values())[:limit], more=len(found) > limit)


def words_of(folded: str) -> list[str]:
    """The different words of a folded text in their order, each as long as the index keeps them."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in folded.split()))


def names_beginning_with(session: Session, folded: str, limit: int) -> list[Match]:
    """Organizations whose folded name begins so, by name."""
    name = Organization.name_folded
    query = _SHOWN.where(starts_with(name, folded)).order_by(name, Organization.id).limit(limit)
    return _matches(session, query)


def names_like(session: Session, folded: str, place: list[str], limit: int) -> list[Match]:
    """Those of exactly this folded name, with one of the words of a place or with no place at all."""
    query = _SHOWN_BY_NUMBER.where(Organization.name_folded == folded).limit(limit)
    if place:
        here = [holds(OrganizationText.text, f" {part}") for part in place]
        query = query.where(or_(*here, and_(Organization.city == "", Organization.zip == "")))
    return _matches(session, query)


def with_words(session: Session, words: list[str], limit: int) -> list[Match]:
    """Organizations that have, for each of these, a word that begins so. Words of the name come first."""
    return list(_by_words(session, _count(session, words), limit))


def _gather(found: dict[UUID, Match], matches: Iterable[Match]) -> None:
    for match in matches:
        found.setdefault(match.id, match)


def _by_words(session: Session, words: dict[str, int], limit: int) -> Iterator[Match]:
    """`words`: the typed ones, the rarest first, with how many organizations have them."""
    leading, *others = words
    if min(words.values()) >= COMMON and STARTS.knows(list(words)):
        yield from _with_common_words(session, list(words), limit)
        return
    found = 0
    for weight in _WEIGHTS:
        matches = _matches(session, _with_words(weight, leading, others, limit))
        yield from matches
        found += len(matches)
        if found >= limit:
            return


def _with_common_words(session: Session, words: list[str], limit: int) -> list[Match]:
    """Those with most of the words in their names first, as far as the first hundred tell."""
    numbers = STARTS.keys_with(session, words, limit=max(limit, CANDIDATES))
    matches = _matches(session, _SHOWN_BY_NUMBER.where(OrganizationText.number.in_(numbers))) if numbers else []

    def elsewhere(match: Match) -> int:
        name = f" {fold(match.name)}"
        return sum(f" {word}" not in name for word in words)

    return sorted(matches, key=lambda match: (elsewhere(match), match.name, match.id))[:limit]


def _by_middles(session: Session, words: dict[str, int], limit: int) -> list[Match]:
    """Words that are common starts are not looked for in the middle of others, except along with rare ones."""
    rare = [word for word, count in words.items() if count < COMMON]
    also = [word for word in words if word not in rare]
    also += [f" {word}" for word in rare if len(word) < TRIGRAM]
    numbers = MIDDLES.keys_with(session, rare, also=also, limit=limit)
    return _matches(session, _SHOWN_BY_NUMBER.where(OrganizationText.number.in_(numbers))) if numbers else []


def _count(session: Session, words: list[str]) -> dict[str, int]:
    """The words with how many words of organizations begin so, up to COMMON, the rarest first.

    A single one is not counted: it leads anyway.
    """
    if len(words) == 1:
        return dict.fromkeys(words, 0)
    counts = [
        select(func.count())
        .select_from(
            select(literal(1)).where(starts_with(_word, word), _weight.in_(_WEIGHTS)).limit(COMMON).subquery()
        )
        .scalar_subquery()
        for word in words
    ]
    row = session.execute(select(*counts)).one()
    return dict(sorted(zip(words, row, strict=True), key=lambda pair: (pair[1], -len(pair[0]))))


def _with_words(weight: int, leading: str, others: list[str], limit: int) -> _Shown:
    """Those with a word of that weight that begins with `leading`, and with all the others somewhere."""
    query = (
        _SHOWN_BY_NUMBER.join(OrganizationWord, _number == OrganizationText.number)
        .where(_weight == weight, starts_with(_word, leading))
        .order_by(_word, _number)
        .limit(limit)
    )
    return query.where(*(holds(OrganizationText.text, f" {word}") for word in others))


def _matches(session: Session, query: _Shown) -> list[Match]:
    return [Match(*row) for row in session.execute(query)]
