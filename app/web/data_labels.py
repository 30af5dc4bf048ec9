"""Labels that are data and that a recipient reads: pages translate them with `_(label)`, the catalogue takes them from here."""

from collections.abc import Iterator
from typing import Any

from app.domain.helpdesk.lists import TYPES
from app.domain.program.conditions import CONDITIONS, LIVING
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES
from app.domain.program.lookup import Choices
from app.domain.recipients import registration

_LISTS: tuple[Choices[Any], ...] = (
    *(GENDERS, RACES, ETHNICITIES, INDUSTRIES, CONDITIONS, LIVING),
    *(registration.YES_NO, registration.IN_PERSON, registration.PREGNANT),
    *(registration.WORK_WITH, registration.STUDENT),
    *(registration.CONTACT_WAYS, registration.LANGUAGES),
)


def labels_for_recipients() -> Iterator[str]:
    """Every label once, in the order of the lists. States and counties keep their names."""
    seen: dict[str, None] = {}
    for known in _LISTS:
        seen.update(dict.fromkeys(entry.label for entry in known.entries))
    for rows in TYPES.values():
        seen.update(dict.fromkeys(row.name for row in rows))
    yield from seen
