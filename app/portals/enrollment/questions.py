"""The questions of the field table as a form: shown as they are kept, read as they are typed.

What may be typed is the domain's to say; its reasons are worded here, beside the field. A form carries the version of
the record and the answers that it showed, so that two people at the same page are told of each other.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.accounts.sessions import load_account
from app.domain.enrollment.errors import EditedByOthers, Reason
from app.domain.enrollment.fields import Answers, Field, unanswered
from app.domain.enrollment.values import check
from app.web import context
from app.web.enrollment_words import in_words
from app.web.filters import hours, phone
from app.web.forms import Form, add_error, choices
from app.web.pencil import version_from

Typed = dict[str, Any]
FEW = 6
"""So many answers are shown side by side; more are a list that opens."""

_HINTS = {
    "county": _l("For addresses in North Carolina."),
    "phone": _l("Ten digits, such as 919 555 0100."),
    "zip": _l("Five digits, such as 27601, or nine."),
}
_MALFORMED = {
    "person": _l("Write the name as it is on official papers: letters, no digits"),
    "initial": _l("Write one letter"),
    "email": _l("Enter one e-mail address, like name@example.org"),
    "phone": _l("Enter the telephone number as ten digits, such as 919 555 0100"),
    "zip": _l("Enter the ZIP code as five digits, such as 27601, or nine, such as 27601-1234"),
    "hours": _l("Write the hours as from and to, such as 8:00 AM - 12:00 PM"),
}
_CHOSEN = {"choice", "choices", "county", "state"}


class AnswersForm(Form):
    """The fixed parts: what the form was made from."""

    version = HiddenField()
    seen = HiddenField()


class _Asked:
    """Marks a question that must be answered; whether it was is for the domain to say."""

    def __init__(self) -> None:
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing to check here."""


class _ManyField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def answers_form(
    asked: Iterable[Field], answers: Answers, version: int, *, kept: Typed | None = None,
    labels: Mapping[str, Any] | None = None, hints: Mapping[str, Any] | None = None,
) -> AnswersForm:  # fmt: skip
    """The form of some fields with their answers; `kept` are texts that could not be taken before and wait here.

    `labels` and `hints` are said instead of the table's, by key.
    """
    asked = tuple(asked)
    controls = {field.key: _control(field, answers, labels or {}, hints or {}) for field in asked}
    made: AnswersForm = type("AskingForm", (AnswersForm,), controls)(
        data={
            **{field.key: shown(field, answers.get(field.key)) for field in asked},
            **{key: value for key, value in (kept or {}).items() if key in controls},
            "version": str(version),
            "seen": _packed(asked, answers),
        }
    )
    return made


def shown(field: Field, answer: Any) -> Any:
    """A kept answer as its field shows it."""
    if field.kind == "choices":
        return answer or []
    if answer in field.words:
        return answer.replace("_", " ")
    written = {"phone": phone, "hours": hours}.get(field.kind)
    return written(answer) if written else answer or ""


def typed_in(form: AnswersForm, asked: Iterable[Field]) -> Typed:
    """What the fields hold now, not yet cleaned."""
    return {field.key: form[field.key].data or ([] if field.kind == "choices" else "") for field in asked}


def read(asked: Iterable[Field], typed: Typed, answers: Answers) -> tuple[Typed, dict[str, Reason]]:
    """The values that can be kept, and by key why the others cannot; required ones that are missing among them."""
    cleaned: Typed = {}
    reasons: dict[str, Reason] = {}
    for field in (asked := tuple(asked)):
        value, reason = check(field, typed[field.key])
        if reason is None:
            cleaned[field.key] = value
        else:
            reasons[field.key] = reason
    for key in unanswered(asked, {**answers, **cleaned}):
        reasons.setdefault(key, "missing")
    return cleaned, reasons


def changed_in(form: AnswersForm, asked: Iterable[Field], answers: Answers) -> Typed:
    """The same without what is as it is kept already."""
    typed = typed_in(form, asked := tuple(asked))
    return {field.key: typed[field.key] for field in asked if typed[field.key] != shown(field, answers.get(field.key))}


def version_of(form: AnswersForm) -> int:
    """The version that the form was made from."""
    return version_from(form.version.data)


def seen_in(form: AnswersForm) -> Typed | None:
    """The answers that the form showed; None when they were tampered with."""
    try:
        return dict(json.loads(form.seen.data or ""))
    except (TypeError, ValueError):
        return None


def refuse(form: AnswersForm, asked: Iterable[Field], reasons: Mapping[str, Reason]) -> None:
    """Say beside each field why its text cannot be kept."""
    for field in asked:
        if field.key in reasons:
            add_error(form[field.key], reason_text(field, reasons[field.key]))


def tell_both(form: AnswersForm, asked: Iterable[Field], stale: EditedByOthers, answers: Answers, version: int) -> None:
    """Somebody else changed the same fields: both values, field by field.

    The form goes on from the newest answers; what the reader did not touch follows them.
    """
    asked, seen = tuple(asked), seen_in(form) or {}
    fought_over = {conflict.field for conflict in stale.conflicts}
    who = _name_of(stale)
    for field in asked:
        mine, control = form[field.key].data, form[field.key]
        if field.key in fought_over:
            text = _(
                "%(who)s changed this meanwhile. It now says “%(stored)s”, and you entered “%(typed)s”. "
                "Save again to keep yours, or type what is right.",
                who=who,
                stored=in_words(field, answers.get(field.key)) or _("nothing"),
                typed=in_words(field, mine) or _("nothing"),
            )
            add_error(control, text)
        elif (mine or None) == (shown(field, seen.get(field.key)) or None):
            control.data = shown(field, answers.get(field.key))
    form.version.data, form.seen.data = str(version), _packed(asked, answers)


def reason_text(field: Field, reason: str) -> str:
    """What is wrong with a value and what to do, as a sentence without its full stop."""
    if reason == "missing":
        return _("Choose an answer") if field.kind in _CHOSEN else _("Fill in this field")
    if reason == "too_long":
        return _("Use %(longest)s characters or fewer", longest=field.longest)
    if reason == "malformed":
        return str(_MALFORMED.get(field.kind, _l("There are characters here that cannot be seen. Type the text again")))
    return {
        "unknown": _("Choose one from the list"),
        "not_a_number": _("Enter a whole number, such as 250"),
        "too_many": _("This number cannot be right. Check it"),
        "backwards": _("The hours end before they begin. Check them"),
        "link": _("Leave web addresses out of this field"),
    }[reason]


def _control(field: Field, answers: Answers, labels: Mapping[str, Any], hints: Mapping[str, Any]) -> Any:
    label = labels.get(field.key) or _(field.label)
    about: dict[str, Any] = {
        "validators": [_Asked()] if field.is_required(answers) else [],
        "description": hints.get(field.key) or hints.get(field.kind) or _HINTS.get(field.kind, ""),
    }
    offered = [(entry.code, _(entry.label)) for entry in field.choices.entries] if field.choices else []
    if field.kind == "choices":
        return _ManyField(label, choices=choices(offered), validate_choice=False, **about)
    if field.kind == "choice" and len(offered) <= FEW:
        return RadioField(label, choices=choices(offered), validate_choice=False, **about)
    if field.kind in _CHOSEN:
        return SelectField(label, choices=choices(offered, _("Choose one")), validate_choice=False, **about)
    modes = {"phone": "tel", "zip": "numeric"}
    kind = EmailField if field.kind == "email" else StringField
    return kind(label, render_kw={"inputmode": modes[field.kind]} if field.kind in modes else None, **about)


def _packed(asked: Iterable[Field], answers: Answers) -> str:
    return json.dumps({field.key: answers[field.key] for field in asked if answers.get(field.key)})


def _name_of(stale: EditedByOthers) -> str:
    if stale.by_id == context.account().id:
        return _("You yourself, in another window,")
    account = load_account(context.db(), stale.by_id) if stale.by_id else None
    return account.full_name if account else _("Somebody else")
