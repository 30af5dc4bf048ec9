"""A person's eligibility in plain words, for the person and for the clinic. Every sentence keeps apart what people mix up:
registered, eligible, and having an appointment."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.eligibility.evaluate import GroupRule, Status
from app.web.filters import day

_RULES: dict[str, Any] = {
    "care": _l(
        "People who care for patients with COVID-19 or work close to them, and people who work or live in long-term care."
    ),
    "care_or_patients": _l(
        "People who see patients in person or work close to patients with COVID-19, and people who work or live in "
        "long-term care."
    ),
    "age_75": _l("People who are 75 years or older."),
    "age_65_74": _l("People who are 65 to 74 years old."),
    "age_65": _l("People who are 65 years or older."),
    "workers_50": _l(
        "People who are 50 years or older and work in health care, or in person in a job that everybody depends on, "
        "such as in schools, food, factories, public safety or transportation."
    ),
    "workers": _l(
        "People who work in health care, or in person in a job that everybody depends on, such as in schools, food, "
        "factories, public safety or transportation."
    ),
    "schools": _l("People who work in person in child care or schools."),
    "frontline": _l(
        "People who must be at their work place in person, in health care, schools, food, factories, shops for essential "
        "goods, government, public safety or transportation."
    ),
    "risk_16_64": _l("People from 16 to 64 years with a health condition that makes COVID-19 more dangerous."),
    "close_living": _l(
        "People who live close together with many others, such as in a shelter, a group home, a jail or a prison."
    ),
    "risk_or_close_living": _l(
        "People from 16 to 64 years with a health condition that makes COVID-19 more dangerous, and people who live close "
        "together with many others, such as in a shelter, a group home, a jail or a prison."
    ),
    "essential": _l("All other people whose work everybody depends on, also those who work from home."),
    "essential_or_housing": _l(
        "All other people whose work everybody depends on, also those who work from home, and students who live in a "
        "dormitory or other student housing."
    ),
    "students": _l("Students in high school, from 16 years on, and in college."),
    "everyone": _l("Everybody who is old enough for one of the vaccines."),
}
_NAMES: dict[str, Any] = {
    "Phase 1a": _l("Phase 1a"),
    "Phase 1b, group 1": _l("Phase 1b, group 1"),
    "Phase 1b, group 2": _l("Phase 1b, group 2"),
    "Phase 1b, group 3": _l("Phase 1b, group 3"),
    "Phase 2, group 1": _l("Phase 2, group 1"),
    "Phase 2, group 2": _l("Phase 2, group 2"),
    "Phase 2, group 3": _l("Phase 2, group 3"),
    "Phase 2, group 4": _l("Phase 2, group 4"),
    "Phase 3": _l("Phase 3"),
    "Phase 4": _l("Phase 4"),
    "Group 1": _l("Group 1"),
    "Group 2": _l("Group 2"),
    "Group 3, child care and schools": _l("Group 3, child care and schools"),
    "Group 3": _l("Group 3"),
    "Group 4, first part": _l("Group 4, first part"),
    "Group 4, second part": _l("Group 4, second part"),
    "Group 5": _l("Group 5"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page shows: `tone` of the notice, its `title` and `text`; `group` and `rule` are "" where none is known."""

    tone: str
    title: str
    text: str
    group: str = ""
    rule: str = ""


def rule_words(group: GroupRule) -> str:
    """Whom a group means; a text that the state wrote is shown as it is."""
    return str(_RULES.get(group.words, group.words))


def group_name(group: GroupRule) -> str:
    """What the group is called."""
    return str(_NAMES.get(group.name, group.name))


def standing_of(status: Status) -> Standing:
    """For the person."""
    name, rule = (group_name(status.group), rule_words(status.group)) if status.group else ("", "")
    if status.kind == "open":
        return Standing(
            "success",
            _("It is your turn since %(day)s", day=day(status.since)),
            _(
                "This is not an appointment. Call a clinic, pharmacy or health department near you, and ask for a place "
                "and a time."
            ),
            name,
            rule,
        )
    if status.kind == "opens_on":
        return Standing(
            "info",
            _("It is your turn from %(day)s on", day=day(status.opens_on)),
            _("That day is not an appointment. From then on you can ask a clinic for a place and a time."),
            name,
            rule,
        )
    if status.kind == "too_young":
        return Standing(
            "info",
            _("There is no vaccine for your age yet"),
            _("The vaccines are for people who are %(age)s years or older.", age=status.youngest_age),
        )
    if status.kind == "not_registered":
        return Standing(
            "info",
            _("We cannot say yet whether it is your turn"),
            _("Complete your registration, and you see it here at once."),
        )
    text = _("No day is set yet. This page shows it as soon as there is one.")
    return Standing("info", _("It is not your turn yet"), text, name, rule)


def line_for_clinic(status: Status) -> str:
    """One line at a visit. A dose is never refused for it: whoever is there decides."""
    name = group_name(status.group) if status.group else ""
    if status.kind == "open":
        return _("Eligible since %(day)s (%(group)s)", day=day(status.since), group=name)
    if status.kind == "opens_on":
        return _("Eligible from %(day)s on (%(group)s)", day=day(status.opens_on), group=name)
    if status.kind == "too_young":
        return _("Not eligible: below %(age)s years", age=status.youngest_age)
    if status.kind == "not_registered":
        return _("Not known: the registration is not complete")
    return _("Not eligible yet (%(group)s)", group=name) if name else _("Not eligible yet")
