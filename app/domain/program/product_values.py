"""What a product and its rules may say: read from typed text and checked together, before anything is changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from app.domain.errors import Refusal
from app.domain.program.rules import ProductRules

Why = Literal["missing", "not_a_number", "out_of_range", "malformed", "too_long", "taken", "does_not_fit"]
LONGEST_STORAGE = 500


class ValuesRefused(Refusal):
    """`reasons` says for each value by name why it cannot be."""

    def __init__(self, reasons: dict[str, Why]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Whole:
    """A rule that is a whole number; `optional`: it may also be none."""

    least: int
    most: int
    optional: bool = False


RULES: dict[str, Whole] = {
    "youngest_age": Whole(0, 120),
    "interval_days": Whole(1, 365, optional=True),
    "grace_days": Whole(0, 30),
    "absolute_days": Whole(0, 365),
    "late_days": Whole(1, 730, optional=True),
    "mixed_days": Whole(1, 365, optional=True),
    "extra_days": Whole(1, 730, optional=True),
    "doses_per_vial": Whole(1, 100),
    "beyond_use_hours": Whole(1, 72),
}
TEXTS = {"storage": LONGEST_STORAGE, "fact_sheet": 30}
CHANGEABLE = (*RULES, *TEXTS)
"""Rules that may change from a day on. How many doses make a series stays; a stop is a recall."""

_SHAPES = {
    "code": re.compile(r"[a-z][a-z0-9-]{1,29}"),
    "cvx": re.compile(r"[0-9]{2,3}"),
    "mvx": re.compile(r"[A-Z]{2,3}"),
    "ndc_vial": re.compile(r"[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}"),
    "ndc_carton": re.compile(r"[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}"),
    "volume_ml": re.compile(r"[0-9](\.[0-9]{1,2})?"),
}
_LONGEST = {
    "name": 120,
    "manufacturer": 60,
    "code": 30,
    "cvx": 5,
    "mvx": 3,
    "ndc_vial": 13,
    "ndc_carton": 13,
    "volume_ml": 5,
}
IDENTITY = tuple(_LONGEST)


def read_rules(typed: Mapping[str, str], *, doses_in_series: int) -> dict[str, Any]:
    """All changeable rules from typed text. Raises ValuesRefused."""
    values: dict[str, Any] = {}
    reasons: dict[str, Why] = {}
    for name, kind in RULES.items():
        try:
            values[name] = _whole(typed.get(name, ""), kind)
        except _Wrong as wrong:
            reasons[name] = wrong.why
    for name, longest in TEXTS.items():
        values[name] = " ".join(typed.get(name, "").split())
        if len(values[name]) > longest:
            reasons[name] = "too_long"
    if not reasons:
        reasons = _that_do_not_fit(values, doses_in_series)
    if reasons:
        raise ValuesRefused(reasons)
    return values


def read_identity(typed: Mapping[str, str]) -> dict[str, str]:
    """Names and codes of a product from typed text. Raises ValuesRefused."""
    values = {name: " ".join(typed.get(name, "").split()) for name in IDENTITY}
    values["code"], values["mvx"] = values["code"].lower(), values["mvx"].upper()
    reasons: dict[str, Why] = {}
    for name, value in values.items():
        if not value:
            reasons[name] = "missing"
        elif len(value) > _LONGEST[name]:
            reasons[name] = "too_long"
        elif (name in _SHAPES and not _SHAPES[name].fullmatch(value)) or not value.isprintable():
            reasons[name] = "malformed"
    if reasons:
        raise ValuesRefused(reasons)
    return values


def values_of(rules: ProductRules) -> dict[str, Any]:
    """The changeable rules by name."""
    return {field.name: getattr(rules, field.name) for field in fields(rules) if field.name in CHANGEABLE}


class _Wrong(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def _whole(text: str, kind: Whole) -> int | None:
    text = text.strip()
    if not text:
        if kind.optional:
            return None
        raise _Wrong("missing")
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise _Wrong("not_a_number")
    if not kind.least <= int(text) <= kind.most:
        raise _Wrong("out_of_range")
    return int(text)


def _that_do_not_fit(values: Mapping[str, Any], doses_in_series: int) -> dict[str, Why]:
    """A series needs an interval, and nothing that is earlier may be later than it."""
    interval, late = values["interval_days"], values["late_days"]
    if doses_in_series > 1 and interval is None:
        return {"interval_days": "missing"}
    if doses_in_series == 1 and interval is not None:
        return {"interval_days": "does_not_fit"}
    if interval is None:
        return {}
    wrong: dict[str, Why] = {}
    if values["grace_days"] >= interval:
        wrong["grace_days"] = "does_not_fit"
    if values["absolute_days"] > interval:
        wrong["absolute_days"] = "does_not_fit"
    if late is not None and late < interval:
        wrong["late_days"] = "does_not_fit"
    return wrong
