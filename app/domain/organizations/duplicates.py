"""Organizations that are probably the same as one about to be created."""

import re
from collections.abc import Iterable, Iterator
from uuid import UUID

import jellyfish
from sqlalchemy.orm import Session

from app.domain.organizations.search import Match, names_beginning_with, names_like, with_words
from app.infra.search import fold

NEAR = 0.9
MOST_SHOWN = 5
_CANDIDATES = 100
_LEGAL_FORMS = frozenset(
    "inc incorporated llc llp lp ltd limited corp corporation co company pllc pa pc plc the".split()  # noqa: SIM905
)


def likely_duplicates(session: Session, *, name: str, city: str, zip_code: str) -> tuple[Match, ...]:
    """At most five, the likeliest first: the same or nearly the same name in the same place.

    The place is the same when city or ZIP are; an address that was not given may be anywhere. Names are
    compared without their legal form; the numbers in them must be the same (sites of a chain).
    """
    wanted = _core(fold(name))
    scored: dict[UUID, tuple[float, Match]] = {}
    for match in _candidates(session, fold(name), wanted, city, zip_code):
        score = _alike(wanted, _core(fold(match.name)))
        if score >= NEAR and _same_place(match, city, zip_code):
            scored[match.id] = (score, match)
    likeliest = sorted(scored.values(), key=lambda pair: (-pair[0], pair[1].name, pair[1].id))
    return tuple(match for _, match in likeliest[:MOST_SHOWN])


def _candidates(session: Session, folded: str, core: str, city: str, zip_code: str) -> Iterator[Match]:
    place = [zip_code[:5], *fold(city).split()[:1]]
    yield from names_like(session, folded, [part for part in place if part], _CANDIDATES)
    yield from names_beginning_with(session, core[:5] if len(core) > 4 else core, _CANDIDATES)
    longest = sorted(set(core.split()), key=len, reverse=True)[:3]
    for part in filter(None, place):
        for word in longest:
            if len(word) > 2:
                yield from with_words(session, [word[:3], part], _CANDIDATES)


def _core(folded: str) -> str:
    words = folded.split()
    return " ".join(word for word in words if word not in _LEGAL_FORMS) or folded


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if _numbers(one) != _numbers(other):
        return 0.0
    return max(
        float(jellyfish.jaro_winkler_similarity(one, other)),
        float(jellyfish.jaro_winkler_similarity(_sorted_words(one), _sorted_words(other))),
    )


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _sorted_words(text: str) -> str:
    return " ".join(sorted(text.split()))


def _same_place(match: Match, city: str, zip_code: str) -> bool:
    if _is_nowhere((match.city, match.zip)) or _is_nowhere((city, zip_code)):
        return True
    same_city = bool(city) and fold(match.city) == fold(city)
    return same_city or (bool(zip_code) and match.zip[:5] == zip_code[:5])


def _is_nowhere(place: Iterable[str]) -> bool:
    return not any(place)
