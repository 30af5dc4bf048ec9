"""What of two records can be chosen, detail by detail, and how the choice is kept and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.recipients.models import Recipient
from app.domain.recipients.rename import follow_names

KEPT, OTHER = "kept", "other"

FIELDS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("first_name", "middle_name", "last_name", "suffix", "birth_date")},
    "email": ("email", "email_folded"),
    "phone": ("phone",),
    "address": ("street", "street_2", "city", "county_fips", "state_abbr", "zip"),
    **{name: (name,) for name in ("gender", "races", "ethnicity", "language", "industry")},
    "employer": ("organization_id",),
    "answers": ("answers", "registered_at"),
}
"""The choices and the columns that go with each. Parts of two addresses make none, and answers were given as a whole."""

_TYPES: dict[str, type[date] | type[datetime]] = {"birth_date": date, "registered_at": datetime}


@dataclass(frozen=True, slots=True)
class Choice:
    """A detail in which two records differ. `default`: which one is taken unless somebody chooses otherwise."""

    name: str
    kept: Any
    other: Any
    default: str


def choices_between(kept: Recipient, other: Recipient) -> list[Choice]:
    """Where two records differ, in the order of FIELDS; values are tuples of the columns."""
    found = []
    for name, columns in FIELDS.items():
        mine, theirs = _values(kept, columns), _values(other, columns)
        if name == "email":
            mine, theirs = mine[:1], theirs[:1]
        if mine != theirs:
            found.append(Choice(name, mine, theirs, OTHER if _is_poorer(name, mine, theirs) else KEPT))
    return found


def must_choose(kept: Recipient, other: Recipient) -> list[Choice]:
    """Those of them in which both records tell something, so that somebody must say which is right."""
    return [choice for choice in choices_between(kept, other) if _both_tell(choice)]


def _both_tell(choice: Choice) -> bool:
    """Answers count once somebody has registered with them."""
    if choice.name == "answers":
        return choice.kept[1] is not None and choice.other[1] is not None
    return not (_is_within(choice.kept, choice.other) or _is_within(choice.other, choice.kept))


def take_over(session: Session, kept: Recipient, other: Recipient, chosen: Mapping[str, str]) -> dict[str, list[Any]]:
    """Bring the details chosen from the other record into the kept one: {column: [before, after]} of what changed."""
    changes: dict[str, list[Any]] = {}
    for choice in choices_between(kept, other):
        if chosen.get(choice.name, choice.default) != OTHER:
            continue
        for column in FIELDS[choice.name]:
            before, after = getattr(kept, column), getattr(other, column)
            if before != after:
                changes[column] = [before, after]
    write(session, kept, {column: after for column, (_before, after) in changes.items()})
    return changes


def write(session: Session, record: Recipient, values: Mapping[str, Any]) -> None:
    """Set columns, and what is derived from names and birth date."""
    shown_before = f"{record.first_name} {record.last_name}"
    for column, value in values.items():
        setattr(record, column, value)
    record.version += 1
    if values.keys() & {"first_name", "last_name", "birth_date"}:
        follow_names(session, record, shown_before=shown_before)


def packed(changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """As it is kept: dates and moments as ISO text, ids as text."""
    return {column: [_packed(value) for value in pair] for column, pair in changes.items()}


def unpacked(column: str, value: Any) -> Any:
    """A value as it stands in the record."""
    if value is None:
        return None
    if column in _TYPES:
        return _TYPES[column].fromisoformat(value)
    return UUID(value) if column == "organization_id" else value


def _values(record: Recipient, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(record, column) for column in columns)


def _is_poorer(name: str, mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> bool:
    """True where only the other record tells it. Only the answers of somebody registered count as told."""
    if name == "answers":
        return mine[1] is None and (theirs[1] is not None or not mine[0])
    return _is_within(mine, theirs)


def _is_within(less: tuple[Any, ...], more: tuple[Any, ...]) -> bool:
    """True where one record tells nothing of a detail that the other does not tell as well, such as a part of an address."""
    return all(not one or one == other for one, other in zip(less, more, strict=True))


def _packed(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, list, dict)) else str(value)
