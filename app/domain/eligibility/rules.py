"""The little language of the groups' rules: structured data that is checked once and asked of many people.

- `{"everyone": true}`
- `{"fact": "age", "from": 16, "to": 64}`: full years; either end may be missing
- `{"fact": "sector", "in": ["frontline"]}`: one of these codes
- `{"fact": "high_risk", "is": true}`
- `{"all": [rule, …]}` and `{"any": [rule, …]}`
"""

from collections.abc import Callable, Iterator
from typing import Any

from app.domain.eligibility.errors import BadRule
from app.domain.eligibility.facts import WORK, Facts
from app.domain.program.conditions import LIVING, NONE
from app.domain.program.demographics import DECLINED
from app.domain.program.industries import INDUSTRIES
from app.domain.recipients.registration import WORK_WITH

Rule = dict[str, Any]
Test = Callable[[Facts], bool]

OLDEST, DEEPEST = 120, 6
CODES: dict[str, frozenset[str]] = {
    "industry": frozenset(entry.code for entry in INDUSTRIES.entries),
    "sector": frozenset(entry.sector for entry in INDUSTRIES.entries),
    "work": frozenset(WORK.values()),
    "living": frozenset(entry.code for entry in LIVING.entries),
    "work_with": frozenset(entry.code for entry in WORK_WITH.entries) - {NONE, DECLINED},
}
FLAGS = frozenset({"patient_contact", "high_risk", "student", "student_housing"})


def compile_rule(rule: Any, depth: int = 0) -> Test:
    """The test that a rule means. Raises BadRule where it names a fact, a code or a form that does not exist."""
    if not isinstance(rule, dict) or depth > DEEPEST:
        raise BadRule(rule)
    if rule == {"everyone": True}:
        return lambda facts: True
    if set(rule) in ({"all"}, {"any"}):
        ((kind, parts),) = rule.items()
        if not isinstance(parts, list) or not parts:
            raise BadRule(rule)
        tests = tuple(compile_rule(part, depth + 1) for part in parts)
        return _all_of(tests) if kind == "all" else _any_of(tests)
    return _about_a_fact(rule)


def ages_in(rule: Rule) -> Iterator[int]:
    """The birthdays on which the answer may change: lower ends, and the year after upper ends."""
    for part in [*rule.get("all", ()), *rule.get("any", ())]:
        yield from ages_in(part)
    if rule.get("fact") == "age":
        if "from" in rule:
            yield rule["from"]
        if "to" in rule:
            yield rule["to"] + 1


def _all_of(tests: tuple[Test, ...]) -> Test:
    return lambda facts: all(test(facts) for test in tests)


def _any_of(tests: tuple[Test, ...]) -> Test:
    return lambda facts: any(test(facts) for test in tests)


def _about_a_fact(rule: Rule) -> Test:
    name, form = rule.get("fact"), set(rule) - {"fact"}
    if name == "age" and form and form <= {"from", "to"}:
        return _age_between(rule)
    if name in CODES and form == {"in"}:
        codes = rule["in"]
        if not isinstance(codes, list) or not codes or not set(map(str, codes)) <= CODES[name]:
            raise BadRule(rule)
        wanted = frozenset(codes)
        return lambda facts: getattr(facts, name) in wanted
    if name in FLAGS and form == {"is"} and isinstance(rule["is"], bool):
        meant = rule["is"]
        return lambda facts: getattr(facts, name) is meant
    raise BadRule(rule)


def _age_between(rule: Rule) -> Test:
    youngest, oldest = rule.get("from", 0), rule.get("to", OLDEST)
    whole = all(isinstance(end, int) and not isinstance(end, bool) for end in (youngest, oldest))
    if not whole or not 0 <= youngest <= oldest <= OLDEST:
        raise BadRule(rule)
    if "to" not in rule:
        return lambda facts: facts.age >= youngest
    return lambda facts: youngest <= facts.age <= oldest
