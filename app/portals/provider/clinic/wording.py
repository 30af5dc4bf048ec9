"""How the clinic words what the domain decided: questions, cautions, places on the body, reasons."""

from collections.abc import Sequence
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.vaccinations.cautions import Caution, CautionCode
from app.domain.vaccinations.gaps import Gap
from app.web.filters import whole

RELATIONS = {
    "parent": _l("Mother or father"),
    "legal_guardian": _l("Legal guardian"),
    "foster": _l("Foster parent"),
    "other": _l("Somebody else who may decide for them"),
}
QUESTIONS = {
    "sick_today": _l("Are you feeling sick today?"),
    "previous_dose": _l("Have you ever received a dose of a COVID-19 vaccine?"),
    "allergy_ingredient": _l(
        "Have you ever had an allergic reaction to an ingredient of a COVID-19 vaccine, such as polyethylene "
        "glycol (PEG), found in some laxatives and preparations for colonoscopy?"
    ),
    "allergy_polysorbate": _l("… to polysorbate, found in some vaccines, film-coated tablets and steroids?"),
    "allergy_previous_dose": _l("… to a previous dose of a COVID-19 vaccine?"),
    "severe_reaction_dose": _l(
        "Have you ever had a severe allergic reaction (such as anaphylaxis) after a COVID-19 vaccine?"
    ),
    "allergy_other_vaccine": _l(
        "Have you ever had an allergic reaction to another vaccine or to an injected medicine?"
    ),
    "severe_reaction_other": _l(
        "Have you ever had a severe allergic reaction (such as anaphylaxis) to anything else: food, a pet, "
        "something in the environment, a medicine by mouth?"
    ),
    "vaccine_14_days": _l("Have you received any vaccine in the last 14 days?"),
    "covid_positive": _l(
        "Have you ever had a positive test for COVID-19, or has a doctor told you that you had it?"
    ),
    "antibodies_90_days": _l(
        "Have you received antibodies (monoclonal antibodies or convalescent serum) as treatment for COVID-19 "
        "in the last 90 days?"
    ),
    "weak_immune_system": _l(
        "Do you have a weakened immune system, from HIV or cancer for instance, or take medicines that weaken it?"
    ),
    "bleeding_disorder": _l("Do you have a bleeding disorder or take a blood thinner?"),
    "pregnant": _l("Are you pregnant or breastfeeding?"),
    "clots_low_platelets": _l(
        "Have you had blood clots together with low platelets, such as after heparin, in the last 90 days?"
    ),
    "dermal_fillers": _l("Do you have dermal fillers?"),
}
IN_SHORT = {
    "sick_today": _l("feeling sick today"),
    "previous_dose": _l("an earlier COVID-19 vaccine dose"),
    "allergy_ingredient": _l("allergic reaction to an ingredient (PEG)"),
    "allergy_polysorbate": _l("allergic reaction to polysorbate"),
    "allergy_previous_dose": _l("allergic reaction to a previous dose"),
    "severe_reaction_dose": _l("severe allergic reaction to a previous dose"),
    "allergy_other_vaccine": _l("allergic reaction to another vaccine or injection"),
    "severe_reaction_other": _l("severe allergic reaction to something else"),
    "vaccine_14_days": _l("another vaccine in the last 14 days"),
    "covid_positive": _l("COVID-19 before"),
    "antibodies_90_days": _l("antibody treatment in the last 90 days"),
    "weak_immune_system": _l("weakened immune system"),
    "bleeding_disorder": _l("bleeding disorder or blood thinner"),
    "pregnant": _l("pregnant or breastfeeding"),
    "clots_low_platelets": _l("blood clots with low platelets"),
    "dermal_fillers": _l("dermal fillers"),
}
ANSWERS = {"yes": _l("Yes"), "no": _l("No"), "unknown": _l("Don’t know")}
STATUS = {
    "arrived": ("neutral", _l("Arrived")),
    "screened": ("info", _l("Screened")),
    "vaccinated": ("success", _l("Vaccinated")),
    "left": ("warning", _l("Left without a dose")),
}
HEADINGS: dict[CautionCode, object] = {
    "not_screened": _l("The screening questions were not asked"),
    "contraindication": _l("Should not have this vaccine"),
    "precaution": _l("Take care: observe for 30 minutes"),
    "defer": _l("Better to wait"),
    "age": _l("Too young for this vaccine"),
    "interval": _l("Too early"),
    "mix": _l("Another vaccine than before"),
    "complete": _l("Vaccination is complete already"),
}
GAPS: dict[Gap, object] = {
    "says_more": _l("The person tells of an earlier dose. None is on record."),
    "says_none": _l("The person tells of no earlier dose, and one is on record. Is this the right person?"),
    "removed": _l("A dose was taken off the record, and none was entered for that day."),
    "other_record": _l("Another record with the same name and birth date has doses, and is not linked to this one."),
}
SITES = {
    "LD": _l("Left deltoid"),
    "RD": _l("Right deltoid"),
    "LA": _l("Left arm"),
    "RA": _l("Right arm"),
    "LT": _l("Left thigh"),
    "RT": _l("Right thigh"),
    "LVL": _l("Left vastus lateralis"),
    "RVL": _l("Right vastus lateralis"),
    "LG": _l("Left gluteus"),
    "RG": _l("Right gluteus"),
    "LLFA": _l("Left lower forearm"),
    "RLFA": _l("Right lower forearm"),
}
LEAVING = {
    "deferred": _l("To come back another day (sick, antibody treatment, too early)"),
    "contraindicated": _l("Must not have this vaccine"),
    "declined": _l("The person decided against it"),
    "no_vaccine": _l("No vaccine left"),
    "mistake": _l("Checked in by mistake"),
    "left": _l("Left before being seen"),
}
ENDINGS = LEAVING | {
    "dose_removed": _l("A dose was recorded by mistake, and removed"),
    "dose_moved": _l("A dose was recorded on the wrong person, and moved"),
}
OTHER_SUFFIX = _l("Other")


def explain(caution: Caution) -> str:
    """Why a caution is raised, in one sentence."""
    questions = ", ".join(str(IN_SHORT.get(code, code)) for code in caution.questions)
    sentences = {
        "not_screened": _("There are no answers with this visit."),
        "contraindication": _("The answers say: %(questions)s.", questions=questions),
        "precaution": _("The answers say: %(questions)s.", questions=questions),
        "defer": _("The answers say: %(questions)s.", questions=questions),
        "age": _(
            "The person is %(age)s. On that day this vaccine is for people of %(youngest)s years and older.",
            age=caution.age,
            youngest=caution.youngest,
        ),
        "interval": _("This dose counts from %(day)s on.", day=format_date(caution.earliest, "medium"))
        if caution.earliest
        else "",
        "mix": _("The dose before was %(product)s.", product=caution.product)
        if caution.may_mix
        else _(
            "The dose before was %(product)s. On that day the two vaccines were not to be mixed.",
            product=caution.product,
        ),
        "complete": _("No further dose is foreseen after %(product)s.", product=caution.product),
    }
    return sentences[caution.code]


def in_short(questions: Sequence[str]) -> str:
    """What the questions are about, in one line to be read out."""
    return " · ".join(str(IN_SHORT[code]) for code in questions)


def doses_left(number: int) -> str:
    """1 dose left, 1,170 doses left."""
    return ngettext("%(n)s dose left", "%(n)s doses left", number, n=whole(number))


def lot_choice(lot: Any) -> str:
    """A lot in the list to choose from."""
    maker, left = lot.product.manufacturer, doses_left(lot.balance)
    return _("%(vaccine)s, lot %(number)s, %(left)s", vaccine=maker, number=lot.number, left=left)


def expired_lot_choice(lot: Any) -> str:
    """The same for one that may be chosen only for a dose given before it expired."""
    day = format_date(lot.expires_on, "medium")
    return _(
        "%(vaccine)s, lot %(number)s, expired %(day)s: for doses given before",
        day=day, vaccine=lot.product.manufacturer, number=lot.number,
    )  # fmt: skip


def speaking_against(cautions: Sequence[Caution]) -> str:
    """How many cautions there are, to be read out when another lot is chosen."""
    number = len(cautions)
    if not number:
        return _("Nothing speaks against this lot")
    return ngettext("%(num)s thing speaks against this lot", "%(num)s things speak against this lot", number)


SENT_TO_DESK = {
    "tries": _l("Three tries found nobody"),
    "unknown": _l("The code that was scanned is of nobody here"),
    "several": _l("More than one person fits"),
    "closed": _l("The record is closed, or this location is"),
    "vaccinated": _l("Had a dose here today already"),
    "throttled": _l("Too many tries for this name or on this screen"),
    "asked": _l("Asked for help"),
    "kept": _l("Checked in while the line was down, and was not found"),
}
