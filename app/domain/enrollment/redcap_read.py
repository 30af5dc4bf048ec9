"""Reads the values of one REDCap record by the fields of the enrollment, and remarks on each that is odd."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.enrollment.fields import OF_ENROLLMENT, OF_LOCATION, Field
from app.domain.enrollment.practicing_providers import BY_KEY as PROVIDER_FIELDS
from app.domain.enrollment.practicing_providers import fold_license
from app.domain.enrollment.redcap_columns import Variables, name_of
from app.domain.enrollment.redcap_values import CHECKED, NOTHING, read_date, read_value
from app.domain.enrollment.storage_units import FIELDS as UNIT_FIELDS
from app.domain.program.lookup import fold

_HOUR_ENDINGS = ("_from", "_to")
_NEEDED = ("last_name", "license_number")
_DECISIONS = {
    "approved": ("approved", "active", "complete", "3"),
    "denied": ("denied", "rejected", "4"),
    "pending": ("pending", "submitted", "underreview", "inreview", "1", "2"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What to know about a row: `column` is the variable, `message` quotes what stands there only from lists.

    `refused`: the row was not taken; else one value was put right or left out.
    """

    row: int
    column: str
    message: str
    refused: bool = False


def hour_parts(name: str) -> tuple[str, ...]:
    """The variable of hours that a variable such as recv_mon_am_from is a part of."""
    return tuple(name.removesuffix(ending) for ending in _HOUR_ENDINGS if name.endswith(ending))


class RecordReader:
    """Reads one record; what is odd gathers in `remarks`."""

    def __init__(self, names: Variables) -> None:
        self.names = names
        self.remarks: list[Remark] = []

    def has_answer(self, text: str) -> bool:
        """False for blank and for words such as N/A."""
        return text.casefold() not in NOTHING

    def answers_of_organization(self, row: int, line: Mapping[str, str]) -> dict[str, Any]:
        """Section A."""
        return _that_apply(self._answers(row, line, self.names.organization, OF_ENROLLMENT), OF_ENROLLMENT)

    def answers_of_location(self, row: int, line: Mapping[str, str]) -> dict[str, Any]:
        """The location and Section B."""
        answers = self._answers(row, line, self.names.location, OF_LOCATION)
        if "administration_differs" not in answers:
            answers["administration_differs"] = "yes" if answers.get("administration_street") else "no"
        return _that_apply(answers, OF_LOCATION)

    def units(self, rows: list[tuple[int, dict[str, str]]]) -> list[dict[str, Any]]:
        """Storage units with at least a brand or a model."""
        kept = []
        for row, line in rows:
            unit = self._answers(row, line, self.names.units, UNIT_FIELDS)
            if not unit.get("brand") and not unit.get("model"):
                self._remark(row, name_of(self.names.units, "brand"), "Left out: this unit has neither brand nor model.", refused=True)
                continue
            for name, key in self.names.units.items():
                if key not in unit:
                    self._remark(row, name, "Not given; the Vaccine Coordinator has to add it.")
            kept.append(unit)
        return kept

    def providers(self, rows: list[tuple[int, dict[str, str]]]) -> list[dict[str, Any]]:
        """Clinicians with a name and a license number; a license that is there twice is taken once."""
        names = self.names.providers
        seen: set[str] = set()
        kept = []
        for row, line in rows:
            provider = self._answers(row, line, names, PROVIDER_FIELDS)
            missing = [name for name, key in names.items() if key in _NEEDED and not provider.get(key)]
            if missing:
                self._remark(row, missing[0], "Left out: a provider needs a name and a license number.", refused=True)
                continue
            license_number = fold_license(provider["license_number"])
            if license_number in seen:
                self._remark(row, name_of(names, "license_number"), "This license number is there twice; taken once.", refused=True)
                continue
            seen.add(license_number)
            kept.append(provider)
        return kept

    def day(self, row: int, name: str, line: Mapping[str, str]) -> date | None:
        """A day."""
        found, remark = read_date(line.get(name, ""))
        if remark:
            self._remark(row, name, remark)
        return found

    def decision(self, row: int, line: Mapping[str, str]) -> str:
        """What the state decided."""
        typed = fold(line.get(self.names.decision, ""))
        for decision, words in _DECISIONS.items():
            if typed in words:
                return decision
        if typed:
            self._remark(row, self.names.decision, "We do not know this decision; taken as none.")
        return ""

    def _answers(
        self, row: int, line: Mapping[str, str], names: Mapping[str, str], fields: Mapping[str, Field]
    ) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for name, key in names.items():
            field = fields.get(key)
            if field is None:
                continue
            value = self._value(row, line, name, field)
            if value:
                answers[key] = value
        return answers

    def _value(self, row: int, line: Mapping[str, str], name: str, field: Field) -> Any:
        if field.kind == "choices":
            return self._several(row, line, name, field)
        text = line.get(name, "")
        if field.kind == "hours":
            text = "" if text.casefold() == "closed" else text or _hours(line, name)
        value, remark = read_value(field, text) if text else ("", "")
        if remark:
            self._remark(row, name, remark)
        return value

    def _several(self, row: int, line: Mapping[str, str], name: str, field: Field) -> list[str]:
        """The boxes that are ticked: `settings___3` is the third answer, `settings___pharmacy` the one of that code."""
        assert field.choices is not None
        codes = [str(entry.code) for entry in field.choices.entries]
        ticked = set()
        for column, typed in line.items():
            box = column.removeprefix(f"{name}___")
            if box == column or typed.casefold() not in CHECKED:
                continue
            place = int(box) - 1 if box.isascii() and box.isdigit() else -1
            found = field.choices.find(box)
            if 0 <= place < len(codes):
                ticked.add(codes[place])
            elif found:
                ticked.add(str(found.code))
            else:
                self._remark(row, column, "Left out: the list has no such answer.")
        value, remark = read_value(field, line.get(name, "")) if line.get(name) else ([], "")
        if remark:
            self._remark(row, name, remark)
        return sorted({*ticked, *(value or [])}, key=codes.index)

    def _remark(self, row: int, column: str, message: str, *, refused: bool = False) -> None:
        self.remarks.append(Remark(row, column, message, refused))


def _hours(line: Mapping[str, str], name: str) -> str:
    opens, closes = (line.get(f"{name}{ending}", "") for ending in _HOUR_ENDINGS)
    return f"{opens}-{closes}" if opens and closes else ""


def _that_apply(answers: dict[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """Without answers that another answer makes pointless, such as the county of an address in Virginia."""
    return {key: value for key, value in answers.items() if fields[key].applies(answers)}
