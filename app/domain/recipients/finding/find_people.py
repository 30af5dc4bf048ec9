"""Staff of the state find anybody by name, birth date, e-mail, telephone or code, in any order in one box.

There are several ways in which what was typed may be meant. Each is a query of its own that an index leads, ordered as
that index is; they are asked one after the other until a page is full, so that nothing is sorted that is not shown.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Grant, SignInName
from app.domain.recipients.finding.models import NameWord
from app.domain.recipients.finding.typed import Typed, take_apart
from app.domain.recipients.models import Recipient
from app.infra import audit
from app.infra.db import Database
from app.infra.paging import Slice, pack, unpack
from app.infra.search import starts_with

PAGE = 25
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to mean what was typed: the condition and the index's order in which its answers come.

    `word`: by a later word of a name. `few`: something exact leads, so that the few answers are sorted; a planner that
    is offered an order by an index would rather walk through everybody than sort ten.
    """

    condition: Condition
    order: tuple[InstrumentedAttribute[str], ...]
    word: bool = False
    few: bool = False


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """The record that was kept; `known_as` is the name of one joined with it that was found instead, "" otherwise."""

    recipient: Recipient
    known_as: str = ""


BY_LAST = (Recipient.last_folded, Recipient.first_folded)
BY_FIRST = (Recipient.first_folded, Recipient.last_folded)
BY_WORD = (NameWord.word, NameWord.names)


def find_people(
    session: Session, actor: Actor, text: str, *, after: str | None = None, size: int = PAGE
) -> Slice[FoundPerson]:
    """Who may be meant, a page at a time; nobody where nothing was typed. Raises NotFound, NotAllowed."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    typed = take_apart(text)
    ways = ways_of(typed, _cities(session, typed.words))
    at, key = _key(after, len(ways))
    entries: list[tuple[Recipient, str | None]] = []
    if not at and key is None:
        entries = [(record, None) for record in _by_code(session, typed)]
    seen, wanted = {record.id for record, _ in entries}, size + 1 + len(entries)
    for place in range(at, len(ways)):
        for record, *of_index in _answers(session, ways, place, key, wanted):
            if record.id not in seen:
                seen.add(record.id)
                entries.append((record, pack(place, *of_index)))
            if len(entries) > size:
                break
        key = None
        if len(entries) > size:
            break
    following = entries[size - 1][1] if len(entries) > size else None
    return Slice(_kept(session, [record for record, _ in entries[:size]]), following)


def note_search(
    database: Database, actor: Actor, text: str, found: Sequence[FoundPerson], *, now: datetime
) -> None:
    """Log apart who looked, by what kinds of details, and whose names were shown; what was typed is not kept.

    Each person who was shown has an entry of their own, too: all are one statement.
    """
    who: dict[str, Any] = {"actor_kind": actor.kind, "actor_id": actor.id, "now": now}
    shown = [one.recipient.id for one in found]
    with database.transaction() as session:
        audit.record(
            session, **who, act="people.searched", subject_kind="search", subject_id=None,
            by=take_apart(text).kinds, shown=[str(id_) for id_ in shown],
        )  # fmt: skip
        for id_ in shown:
            audit.record(session, **who, act="recipient.found", subject_kind="recipient", subject_id=id_)


def ways_of(typed: Typed, cities: Collection[str]) -> list[Way]:
    """All ways to mean it, likeliest first. Something exact leads alone; the words only narrow it then.

    `cities` are those in which somebody lives, among what the last words may be.
    """
    if typed.email:
        exact = _all(Recipient.email_folded == typed.email, _born(typed), _phone(typed), _words(typed.words))
        return [Way(exact, BY_LAST, few=True)]
    if typed.phone:
        return [Way(_all(_phone(typed), _born(typed), _zip(typed), _words(typed.words)), BY_LAST, few=True)]
    if typed.birth_date:
        narrowed = (_tail(typed), _zip(typed), _words(typed.words))
        return [Way(_all(Recipient.birth_date == typed.birth_date, *narrowed), BY_LAST, few=True)]
    if not typed.words:
        return []
    narrowed = (_year(typed), _tail(typed), _zip(typed))
    ways = [*_by_names(typed.words, None), *_by_later_words(typed.words)]
    for place in range(len(typed.words) - 1, 0, -1):
        city = " ".join(typed.words[place:])
        if city in cities:
            ways += _by_names(typed.words[:place], city)
    return [Way(_all(way.condition, *narrowed), way.order, way.word) for way in ways]


def _by_names(words: tuple[str, ...], city: str | None) -> list[Way]:
    """First and last name in either order, or only one of them; with a city, who lives there."""
    there = Recipient.city_folded == city if city else None
    ways = []
    for place in range(1, len(words)):
        left, right = " ".join(words[:place]), " ".join(words[place:])
        for first, last in ((left, right), (right, left)):
            both = and_(starts_with(Recipient.last_folded, last), starts_with(Recipient.first_folded, first))
            ways.append(Way(_all(both, there), BY_LAST))
    whole = " ".join(words)
    ways.append(Way(_all(starts_with(Recipient.last_folded, whole), there), BY_LAST))
    ways.append(Way(_all(starts_with(Recipient.first_folded, whole), there), BY_FIRST))
    return ways


def _by_later_words(words: tuple[str, ...]) -> list[Way]:
    """One of the words is a later one of a name; the others are anywhere in it."""
    ways = []
    for place, word in enumerate(words):
        others = [other for at, other in enumerate(words) if at != place]
        held = [(literal(" ") + NameWord.names).contains(f" {other}", autoescape=True) for other in others]
        ways.append(Way(_all(starts_with(NameWord.word, word), *held), BY_WORD, word=True))
    return ways


def _answers(
    session: Session, ways: list[Way], place: int, key: list[str] | None, at_once: int
) -> Iterator[Row[Recipient, *tuple[Any, ...]]]:
    """What this way finds after the key, so many rows at a time: somebody is there once for each word that fits."""
    while True:
        rows = session.execute(_query(ways, place, key).limit(at_once)).all()
        yield from rows
        if len(rows) < at_once:
            return
        key = [*rows[-1][1:3], str(rows[-1][3])]


def _query(ways: list[Way], place: int, key: list[str] | None) -> Select[Recipient, *tuple[Any, ...]]:
    """What this way finds and no earlier one did, after the key."""
    way = ways[place]
    order: list[Any] = [column + literal("") if way.few else column for column in way.order]
    columns = [*order, Recipient.id]
    query = select(Recipient, *columns)
    if way.word:
        query = query.join(NameWord, NameWord.recipient_id == Recipient.id)
    earlier = [other.condition for other in ways[:place] if not other.word]
    query = query.where(way.condition, *(~condition for condition in earlier))
    if key is not None:
        query = query.where(order[0] >= key[0], tuple_(*columns) > tuple_(key[0], key[1], UUID(key[2])))
    return query.order_by(*columns)


def _cities(session: Session, words: tuple[str, ...]) -> set[str]:
    """The last words that are a city: a look into an index for each, which saves searches for people there."""
    told = {" ".join(words[place:]) for place in range(1, len(words))}
    return {
        city for city in told
        if session.scalar(select(Recipient.id).where(Recipient.city_folded == city).limit(1)) is not None
    }  # fmt: skip


def _by_code(session: Session, typed: Typed) -> list[Recipient]:
    """By the code of a record, or by a whole user name of the recipients' portal."""
    found: list[Recipient] = []
    if typed.codes:
        found += session.scalars(select(Recipient).where(Recipient.code.in_(typed.codes)).order_by(Recipient.id))
    if typed.user_name:
        named = select(SignInName.account_id).where(
            SignInName.realm == "recipient", SignInName.name_folded == typed.user_name
        )
        own = select(Grant.scope_id).where(Grant.account_id.in_(named), Grant.role == Role.RECIPIENT.value)
        found += session.scalars(select(Recipient).where(Recipient.id.in_(own)).order_by(Recipient.id))
    return list(dict.fromkeys(found))


def _kept(session: Session, rows: Sequence[Recipient]) -> list[FoundPerson]:
    """Each person once, by the record that was kept."""
    wanted = {row.merged_into_id for row in rows if row.merged_into_id}
    kept = {row.id: row for row in session.scalars(select(Recipient).where(Recipient.id.in_(wanted)))} if wanted else {}
    found: dict[UUID, FoundPerson] = {}
    for row in rows:
        if row.merged_into_id is None:
            found[row.id] = FoundPerson(row)
        else:
            found.setdefault(row.merged_into_id, FoundPerson(kept[row.merged_into_id], row.full_name))
    return list(found.values())


def _key(after: str | None, ways: int) -> tuple[int, list[str] | None]:
    """The way to go on with, and after what; the beginning where the key was tampered with."""
    key = unpack(after, 4)
    try:
        if key and 0 <= int(key[0][:3]) < ways and "\0" not in key[1] + key[2]:
            return int(key[0][:3]), [key[1], key[2], str(UUID(key[3]))]
    except ValueError:
        pass
    return 0, None


def _all(*conditions: Condition | None) -> Condition:
    return and_(*(condition for condition in conditions if condition is not None))


def _words(words: tuple[str, ...]) -> Condition | None:
    """Every word begins a word of the name, or the city."""
    if not words:
        return None
    told = (Recipient.last_folded, Recipient.first_folded, func.lower(Recipient.middle_name), Recipient.city_folded)
    spaced: ColumnElement[str] = literal("")
    for one in told:
        spaced = spaced + literal(" ") + one
    return and_(*(spaced.contains(f" {word}", autoescape=True) for word in words))


def _phone(typed: Typed) -> Condition | None:
    if len(typed.phone) == 10:
        return Recipient.phone == typed.phone
    return starts_with(Recipient.phone, typed.phone) if typed.phone else _tail(typed)


def _tail(typed: Typed) -> Condition | None:
    return Recipient.phone.like(f"%{typed.tail}") if typed.tail else None


def _zip(typed: Typed) -> Condition | None:
    return Recipient.zip.startswith(typed.zip) if typed.zip else None


def _born(typed: Typed) -> Condition | None:
    return Recipient.birth_date == typed.birth_date if typed.birth_date else _year(typed)


def _year(typed: Typed) -> Condition | None:
    if not typed.year:
        return None
    return Recipient.birth_date.between(date(typed.year, 1, 1), date(typed.year, 12, 31))
