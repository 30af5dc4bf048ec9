"""Forms about people: the one box, decisions about pairs, joining and separating."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.domain.recipients.merging.fields import KEPT, OTHER
from app.domain.recipients.merging.merge_people import Beside
from app.domain.vaccinations.doubled_doses import DosePair
from app.portals.state.people import wording
from app.web.filters import day
from app.web.forms import Form, choices
from app.web.sealed import NameSearch

BOTH = "both"
_CHOICE, _DOSE = "choice_", "dose_"


class PeopleSearch(NameSearch):
    """Everything in one box; what was typed stands sealed in the address of the answer."""


class OtherForm(Form):
    """The second record of a person."""

    code = StringField(
        _l("Code of the other record"),
        [InputRequired(_l("Enter the code")), Length(max=30, message=_l("A code has 9 letters and digits"))],
        description=_l("It stands on the page of that record."),
    )


class UndoForm(Form):
    """A joining was a mistake."""

    because = TextAreaField(
        _l("Why are they two people?"),
        [DataRequired(_l("Say why")), Length(max=255, message=_l("Use 255 characters or fewer"))],
    )


class JoinForm(Form):
    """The base of the form that `join_form` makes for two records."""

    versions = StringField()
    sure: BooleanField

    def details(self) -> list[Field]:
        """The choices of details, in their order."""
        return [field for field in self if field.short_name.startswith(_CHOICE)]

    def doses(self) -> list[Field]:
        """The pairs of doses that look like one."""
        return [field for field in self if field.short_name.startswith(_DOSE)]

    def chosen(self) -> dict[str, str]:
        """Each detail with the side that was chosen."""
        return {field.short_name.removeprefix(_CHOICE): str(field.data) for field in self.details()}

    def looked_at(self) -> tuple[int, int]:
        """The versions of both records that the page was made of; impossible ones where they were tampered with."""
        first, _dot, second = (self.versions.data or "").partition(".")
        return (int(first), int(second)) if first.isdecimal() and second.isdecimal() else (0, 0)


def join_form(found: Beside, doubled: list[DosePair], employers: dict[Any, str]) -> JoinForm:
    """One question for each detail in which two records differ, for accounts, a death, and doses that look doubled."""
    fields: dict[str, Any] = {}
    for choice in found.choices:
        kept, other = (
            wording.value(record, choice.name, employers.get(record.organization_id, "")) or _("Nothing")
            for record in (found.kept, found.other)
        )
        default = None if choice.name in found.asked else choice.default
        fields[_CHOICE + choice.name] = _radio(wording.NAMES[choice.name], [(KEPT, kept), (OTHER, other)], default)
    if found.two_accounts:
        names = [", ".join(_account(account) for _grant, account in side) for side in found.accounts]
        fields["account"] = _radio(_("Which account opens the record from now on?"), list(zip((KEPT, OTHER), names, strict=True)))
    if found.one_died:
        closure = next(one for one in found.closures if one is not None)
        told = [("yes", _("Yes, the person died on %(day)s", day=day(closure.died_on))), ("no", _("No, that was a mistake"))]
        fields["died"] = _radio(_("One of the records says that the person has died. Is it so?"), told)
    for pair in doubled:
        fields[_DOSE + pair.key] = _radio(_dose_question(pair), [
            (KEPT, _("One dose: keep the entry of %(place)s", place=_entry(pair.one))),
            (OTHER, _("One dose: keep the entry of %(place)s", place=_entry(pair.other))),
            (BOTH, _("Two doses: both were given")),
        ])  # fmt: skip
    fields["sure"] = BooleanField(
        _("I have compared both records, and they are of one person"), [InputRequired(_("Tick the box to go on"))]
    )
    made: type[JoinForm] = type("JoinFormOfTwo", (JoinForm,), fields)
    return made(data={"versions": f"{found.kept.version}.{found.other.version}"} if request.method == "GET" else None)


def _radio(label: Any, pairs: list[tuple[str, str]], default: str | None = None) -> Any:
    return RadioField(label, [InputRequired(_("Choose one"))], choices=choices(pairs), default=default)


def _account(account: Any) -> str:
    names = ", ".join(name.name for name in account.names)
    return f"{account.full_name}, {names or account.email}"


def _dose_question(pair: DosePair) -> str:
    return _(
        "%(product)s on %(day)s stands in both records. Is it one dose?", product=pair.one.product_name,
        day=day(pair.one.given_on),
    )  # fmt: skip


def _entry(dose: Any) -> str:
    return _("%(place)s, lot %(lot)s", place=dose.location_name, lot=dose.lot_number or _("not known"))
