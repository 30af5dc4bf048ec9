"""Finding articles by what somebody types: accents and endings do not matter, and a slip of the finger is forgiven.

The set is small (some hundred texts), so that it is weighed in memory; decision 16 has the figures.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from jellyfish import damerau_levenshtein_distance
from sqlalchemy.orm import Session

from app.domain.helpdesk.articles.library import AUDIENCES, Article, all_articles, in_language
from app.infra.search import fold

TITLE, KEYWORDS, TEXT = 6.0, 5.0, 1.0
BEGINS, NEAR = 0.75, 0.6
"""How much a word counts that only begins as one of the article does, or is spelled almost like it."""
ENOUGH = 0.55
"""The part of the best article's weight below which the others are left out."""
MOST_WORDS = 80
MOST_FORGIVEN = 12
"""Misspelled words of one text that are looked for; the rest of a long description is clear enough without."""
MOST_KEPT = 2_000
_MARKUP = re.compile(r"\]\([^)]*\)|[#*_>`\[\]|]")

STOP = {
    "en": "a about all also am an and any are as at be been but by can cannot cant could did do does dont for from get "
          "got had has have how i id if im in into is it its ive just me my need no not of on one or our please say says so some "
          "that the their them then there they this to too up us want was we were what when where which who why will "
          "with would you your",
    "es": "a al algo como con cual cuando de del desde donde el ella en es esta estan este esto fue ha hay la las le lo "
          "los me mi mis muy no nos o para pero por porque puedo que quien quiero se ser si sin sobre son su sus tengo "
          "un una uno y ya yo",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Index:
    """What the articles of a language say: per word the articles with its weight, and the words by length.

    `slips`: the words that are near to one that was misspelled, as they were found before.
    """

    articles: tuple[Article, ...]
    weights: dict[str, dict[int, float]]
    by_length: dict[int, tuple[str, ...]]
    slips: dict[str, tuple[str, ...]]


def find_articles(
    session: Session, text: str, audience: str | Iterable[str] | None, language: str, limit: int = 10, *, surely: bool = False
) -> list[Article]:
    """Articles that may answer what was typed, the likeliest first; of one audience, of several, or of all.

    `text` may be two words or a long description. `surely`: nothing is better than something far-fetched.
    """
    wanted = {audience} if isinstance(audience, str) else set(audience if audience is not None else AUDIENCES)
    index = _index(all_articles(session), language if language in STOP else "en")
    words = _words(text, language)[:MOST_WORDS]
    scores: dict[int, float] = defaultdict(float)
    held: dict[int, int] = defaultdict(int)
    forgiven = 0
    for word in words:
        found = _said_by(index, word)
        if not found and forgiven < MOST_FORGIVEN:
            forgiven += 1
            found = _almost(index, word)
        for place, weight in found.items():
            if index.articles[place].audience in wanted:
                scores[place] += weight
                held[place] += 1
    return _best(index, scores, held, words=len(words), limit=limit, surely=surely)


def _best(
    index: _Index, scores: dict[int, float], held: dict[int, int], *, words: int, limit: int, surely: bool
) -> list[Article]:
    """An article that holds all of few words goes before one that holds one of them often."""
    few = 1 <= words <= 4
    weighed = {place: score * (held[place] / words if few else 1.0) for place, score in scores.items()}
    if not weighed:
        return []
    best = max(weighed.values())
    least = best * (ENOUGH if surely else 0.25)
    if surely:
        least = max(least, 2 * KEYWORDS)
    order = sorted(weighed, key=lambda place: (-weighed[place], index.articles[place].title))
    return [index.articles[place] for place in order if weighed[place] >= least][:limit]


def _said_by(index: _Index, word: str) -> dict[int, float]:
    """Articles with the word itself, or with one that begins so."""
    exact = index.weights.get(word, {})
    found = dict(exact)
    if len(word) >= 4:
        for length in range(len(word) + 1, len(word) + 7):
            for other in index.by_length.get(length, ()):
                if other.startswith(word):
                    _add(found, index.weights[other], BEGINS)
    return found


def _almost(index: _Index, word: str) -> dict[int, float]:
    """Articles with words that are one slip away, two where the word is long."""
    found: dict[int, float] = {}
    for other in _slips(index, word) if len(word) >= 4 else ():
        _add(found, index.weights[other], NEAR)
    return found


def _slips(index: _Index, word: str) -> tuple[str, ...]:
    if word not in index.slips:
        most = 2 if len(word) >= 8 else 1
        if len(index.slips) >= MOST_KEPT:
            index.slips.clear()
        index.slips[word] = tuple(
            other
            for length in range(len(word) - most, len(word) + most + 1)
            for other in index.by_length.get(length, ())
            if damerau_levenshtein_distance(word, other) <= most
        )
    return index.slips[word]


def _add(found: dict[int, float], weights: dict[int, float], share: float) -> None:
    """The better of two ways in which an article has a word."""
    for place, weight in weights.items():
        found[place] = max(found.get(place, 0.0), weight * share)


@lru_cache(maxsize=8)
def _index(everything: tuple[Article, ...], language: str) -> _Index:
    """Made anew when an article was written: the articles themselves are the key."""
    articles = tuple(in_language(everything, language))
    weights: dict[str, dict[int, float]] = defaultdict(dict)
    for place, article in enumerate(articles):
        parts = ((TEXT, _MARKUP.sub(" ", article.text)), (KEYWORDS, " ".join(article.keywords)), (TITLE, article.title))
        for weight, part in parts:
            for word in _words(part, language):
                weights[word][place] = max(weights[word].get(place, 0.0), weight)
    for places in weights.values():
        rarity = math.log(1 + len(articles) / len(places))
        for place in places:
            places[place] *= rarity
    lengths: dict[int, list[str]] = defaultdict(list)
    for word in weights:
        lengths[len(word)].append(word)
    return _Index(articles, dict(weights), {length: tuple(words) for length, words in lengths.items()}, {})


def _words(text: str, language: str) -> list[str]:
    """The words that say something, each once, folded and without the ending of a plural."""
    stop = _stop(language)
    found = dict.fromkeys(_stem(word) for word in fold(text[:8000]).split() if word not in stop)
    return [word for word in found if len(word) > 1]


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@cache
def _stop(language: str) -> frozenset[str]:
    return frozenset(STOP.get(language, STOP["en"]).split())
