"""Between the pages of the registration and the record: what is known already, and what was answered."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.names import fold_name
from app.domain.program.terms import version_to_accept
from app.domain.recipients.joining.change_email import pending_change
from app.domain.recipients.own_record import OwnRecord
from app.domain.recipients.registration import Registration, needs_guardian, registration_of
from app.portals.recipient.registration import forms
from app.web import context
from app.web.filters import day
from app.web.forms import Form
from app.web.steps import Beginning, Filling, LongForm, Step, Typed, Ways

if TYPE_CHECKING:
    from app.domain.recipients.models import Recipient

KIND = "registration"
REGISTRATION = LongForm(
    KIND,
    (
        Step(
            "name", _l("Your name"), forms.IdentityForm, _l("Is everything right? You may correct your name.")
        ),
        Step("contact", _l("How to reach you"), forms.ContactForm),
        Step("address", _l("Your address"), forms.AddressForm),
        Step(
            "about-you",
            _l("About you"),
            forms.AboutYouForm,
            _l("Your answers do not change your place in line."),
        ),
        Step("work", _l("Your work or school"), forms.WorkForm),
        Step("living", _l("Where you live"), forms.LivingForm),
        Step("health", _l("Your health"), forms.HealthForm, _l("Your answers are kept encrypted.")),
        Step("agreement", _l("Your agreement"), forms.AgreementForm),
    ),
)
_AGREED = ("terms", "sharing")


def ways_of(recipient_id: UUID) -> Ways:
    """The addresses of one person's registration."""
    return Ways(
        page=lambda key: url_for("recipient.registration_step", recipient_id=recipient_id, step=key),
        review=url_for("recipient.registration_review", recipient_id=recipient_id),
        paused=url_for("recipient.registration_paused", recipient_id=recipient_id),
        welcome_back=url_for("recipient.registration_welcome_back", recipient_id=recipient_id),
    )


def filling_of(record: OwnRecord, recipient_id: UUID) -> Filling:
    """The registration of one person as far as it has come. `recipient_id` is the one in the address."""
    person = record.recipient

    def fit(key: str, form: Form) -> None:
        if key == "name":
            form.birth_confirmed.label.text = _("My date of birth is %(day)s", day=day(person.birth_date))
        if key == "contact" and (waiting := pending_change(context.db(), person.id)):
            form.email.description = _(
                "We have sent a mail to %(email)s. Open its link, and that address counts. Until then we use this one.",
                email=waiting.email,
            )
        if key == "agreement" and not needs_guardian(person.birth_date, context.today()):
            del form.guardian
        if key == "work" and record.employer:
            form.industry.description = _("Your employer, as we know it: %(name)s.", name=record.employer)

    registered = person.registered_at is not None
    known = _typed(registration_of(person), registered=registered)
    return Filling(REGISTRATION, recipient_id, Beginning(known, registered, person.version), fit)


def changes_email(filling: Filling, person: "Recipient") -> bool:
    """True where saving the answers replaces an address, or gives the first one to somebody who was registered before."""
    wanted = filling.form("contact", csrf=False).email.data or ""
    changes = fold_name(wanted) != fold_name(person.email or "")
    return changes and bool(person.email or person.registered_at)


def registration_from(filling: Filling) -> Registration:
    """The answers of all pages in the form in which they are kept. Every page is in order."""
    data: dict[str, Any] = {"guardian": ""}
    for step in filling.steps:
        form = filling.form(step.key, csrf=False)
        form.validate()
        data |= form.data
    values: dict[str, Any] = {name: data[name] or "" for name in Registration.__slots__}
    values |= {name: _to_accept() if data[name] else "" for name in _AGREED}
    values |= {name: tuple(data[name] or ()) for name in ("races", "conditions")}
    if values["state_abbr"] != "NC":
        values["county_fips"] = ""
    return Registration(**values)


def agrees_to_current(person: "Recipient") -> bool:
    """True where the record holds agreement to the version of the terms that is asked for today."""
    return registration_of(person).terms == _to_accept()


def _to_accept() -> str:
    return version_to_accept(context.db(), "terms", context.today())


def _typed(known: Registration, *, registered: bool) -> dict[str, Typed]:
    """What is known, as the pages would send it."""
    flat: Typed = {}
    for name in Registration.__slots__:
        value = getattr(known, name)
        flat[name] = [*value] if isinstance(value, tuple) else [value] if value else []
    terms = _to_accept()
    flat |= {name: ["y"] if getattr(known, name) == terms else [] for name in _AGREED}
    flat["birth_confirmed"] = ["y"] if registered else []
    return {step.key: {name: flat[name] for name in _fields(step)} for step in REGISTRATION.steps}


def _fields(step: Step) -> list[str]:
    return [name for name in dir(step.form) if name in Registration.__slots__ or name == "birth_confirmed"]
