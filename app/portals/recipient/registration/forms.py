"""The pages of the registration. Questions say why they are asked; "Prefer not to say" is an answer.

The fields bear the names of `Registration`, which is what they are read into.
"""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.program.conditions import CONDITIONS, LIVING, NONE
from app.domain.program.counties import COUNTIES
from app.domain.program.demographics import DECLINED, ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES
from app.domain.program.lookup import Choices
from app.domain.program.states import STATES
from app.domain.recipients import registration as rules
from app.domain.recipients.row_values import Unclear, read_email, read_name, read_suffix, read_zip
from app.web import lists
from app.web.forms import Form, PhoneField, choices

Check = Callable[[Any, Any], None]


def _reads(read: Callable[[str], str]) -> Check:
    """A check by one of the readers that uploads use too; it brings the value into the form that is kept."""

    def check(form: Any, field: Any) -> None:
        del form
        try:
            field.data = read(field.data)
        except Unclear as unclear:
            raise ValidationError(_(unclear.sentence, **unclear.facts)) from unclear

    return check


def _one_line(form: Any, field: Any) -> None:
    """No characters that cannot be seen."""
    del form
    field.data = " ".join(field.data.split(" ")).strip()
    if not field.data.isprintable():
        raise ValidationError(_("There are characters here that cannot be seen. Type the text again"))


def _longest(count: int) -> Length:
    return Length(max=count, message=_l("Use %(max)d characters or fewer"))


def _offered(known: Choices[Any], empty: Any = None) -> list[Any]:
    return choices([(entry.code, _l(entry.label)) for entry in known.entries], empty)


def _alone(form: Any, field: Any) -> None:
    """An answer that rules out all others stands alone."""
    del form
    if len(field.data) > 1 and {DECLINED, NONE} & set(field.data):
        raise ValidationError(
            _("“Prefer not to say” or “None of these” cannot go with another answer. Take out one of the two")
        )


class ManyField(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class IdentityForm(Form):
    """Who the person is. The date of birth was proved when the account was claimed, and is only confirmed."""

    first_name = StringField(
        _l("Legal first name"),
        [InputRequired(_l("Enter your first name")), _reads(lambda text: read_name(text, longest=40))],
        description=_l(
            "As on your driver license, passport or other ID. Your record and your proof show this name."
        ),
        render_kw={"autocomplete": "given-name"},
    )
    middle_name = StringField(
        _l("Middle name, if you have one"),
        [Optional(), _reads(lambda text: read_name(text, longest=40))],
        render_kw={"autocomplete": "additional-name"},
    )
    last_name = StringField(
        _l("Legal last name"),
        [InputRequired(_l("Enter your last name")), _reads(lambda text: read_name(text, longest=80))],
        render_kw={"autocomplete": "family-name"},
    )
    suffix = StringField(
        _l("Suffix, if you have one"),
        [Optional(), _reads(read_suffix)],
        description=_l("Such as Jr., Sr. or III."),
        render_kw={"autocomplete": "honorific-suffix"},
    )
    birth_confirmed = BooleanField(
        _l("This is my date of birth"),
        [InputRequired(_l("Tick the box if this is your date of birth. If it is wrong, please call us"))],
    )


class ContactForm(Form):
    """How the person may be reached."""

    email = StringField(
        _l("E-mail address, if you have one"),
        [Optional(), _reads(read_email)],
        description=_l(
            "We write when something changes for you. Without an e-mail address we cannot remind you."
        ),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )
    phone = PhoneField(
        _l("Telephone number, if you have one"),
        [Optional()],
        description=_l("Ten digits, such as 919 555 0100. A clinic may call you when something changes."),
        render_kw={"autocomplete": "tel-national", "inputmode": "tel"},
    )
    contact_way = RadioField(
        _l("How should we contact you?"),
        [InputRequired(_l("Choose how we should contact you"))],
        choices=_offered(rules.CONTACT_WAYS),
        description=_l(
            "You can change this at any time. We send no text messages ourselves, but a clinic may. Mails about your "
            "sign-in always go by e-mail."
        ),
    )
    language = RadioField(
        _l("Which language do you prefer?"),
        [InputRequired(_l("Choose a language"))],
        choices=_offered(rules.LANGUAGES),
        description=_l("So that we can write to you in it, as far as we have it."),
    )

    def validate_contact_way(self, field: Any) -> None:
        """The way chosen needs an address or number to go with it."""
        if field.data == "email" and not self.email.data:
            raise ValidationError(_("Enter your e-mail address above, or choose another way"))
        if field.data == "text" and not self.phone.data:
            raise ValidationError(_("Enter your telephone number above, or choose another way"))


class AddressForm(Form):
    """Where the person lives."""

    street = StringField(
        _l("Street address"),
        [InputRequired(_l("Enter your street address")), _longest(rules.LONGEST["street"]), _one_line],
        description=_l("Where you live now. It shows which part of the state still needs vaccine."),
        render_kw={"autocomplete": "address-line1"},
    )
    street_2 = StringField(
        _l("Apartment or unit, if any"),
        [Optional(), _longest(rules.LONGEST["street_2"]), _one_line],
        render_kw={"autocomplete": "address-line2"},
    )
    city = StringField(
        _l("City or town"),
        [InputRequired(_l("Enter your city or town")), _longest(rules.LONGEST["city"]), _one_line],
        render_kw={"autocomplete": "address-level2"},
    )
    state_abbr = SelectField(
        _l("State"),
        [InputRequired(_l("Choose your state"))],
        choices=_offered(STATES, _l("Choose a state")),
        render_kw={"autocomplete": "address-level1"},
    )
    county_fips = SelectField(
        _l("County"),
        choices=_offered(COUNTIES, _l("Choose a county")),
        description=_l("For addresses in North Carolina only. It may stand on your tax or water bill."),
    )
    zip = StringField(
        _l("ZIP code"),
        [InputRequired(_l("Enter your ZIP code"))],
        render_kw={"autocomplete": "postal-code", "inputmode": "numeric"},
    )
    in_state = RadioField(
        _l("Do you live or work in North Carolina?"),
        [InputRequired(_l("Choose Yes or No"))],
        choices=_offered(rules.YES_NO),
        description=_l("The state's vaccine is for people who live or work here."),
    )

    def validate_county_fips(self, field: Any) -> None:
        """A county belongs to every address in the state."""
        if self.state_abbr.data == "NC" and not field.data:
            raise ValidationError(_("Choose your county"))

    def validate_zip(self, field: Any) -> None:
        """Five digits or nine; a zero in front may be missing in some states."""
        _reads(lambda text: read_zip(text.strip(), state=self.state_abbr.data or ""))(self, field)


class AboutYouForm(Form):
    """Gender, race, ethnicity: needed to see whether the vaccine reaches everybody alike."""

    gender = RadioField(
        _l("What is your gender?"),
        [InputRequired(_l("Choose an answer. “Prefer not to say” is one"))],
        choices=_offered(GENDERS),
        description=_l("Some side effects differ between women and men. That is why we ask."),
    )
    races = ManyField(
        _l("What is your race?"),
        [InputRequired(_l("Tick at least one box. “Prefer not to say” is one")), _alone],
        choices=_offered(RACES),
        description=_l("Tick all that apply. We ask to see whether the vaccine reaches every community."),
    )
    ethnicity = RadioField(
        _l("Are you Hispanic or Latino?"),
        [InputRequired(_l("Choose an answer. “Prefer not to say” is one"))],
        choices=_offered(ETHNICITIES),
        description=_l("We ask to see whether the vaccine reaches every community."),
    )


class WorkForm(Form):
    """The work that may put the person at risk, and school, which the state's plans name beside it."""

    industry = SelectField(
        _l("What kind of work do you do?"),
        [InputRequired(_l("Choose a kind of work. If you are retired or do not work, choose Other"))],
        choices=lambda: lists.offered(INDUSTRIES.entries, _("Choose a kind of work")),
        description=_l(
            "If you are retired or do not work, choose Other. Some kinds of work meet more people."
        ),
    )
    in_person = RadioField(
        _l("Must you be at your work place in person?"),
        [InputRequired(_l("Choose an answer"))],
        choices=_offered(rules.IN_PERSON),
        description=_l("People who cannot work from home are at higher risk."),
    )
    patient_contact = RadioField(
        _l("Do you care for people who may have COVID-19, or work close to them?"),
        [InputRequired(_l("Choose Yes or No"))],
        choices=_offered(rules.YES_NO),
        description=_l("This is so for nurses, but also for people who clean their rooms."),
    )
    work_with = RadioField(
        _l("Does one of these fit your work?"),
        [InputRequired(_l("Choose an answer. “Prefer not to say” is one"))],
        choices=_offered(rules.WORK_WITH),
        description=_l("Choose the first one that fits. The state's plan gives these people a turn of their own."),
    )
    student = RadioField(
        _l("Are you a student?"),
        [InputRequired(_l("Choose an answer. “Prefer not to say” is one"))],
        choices=_offered(rules.STUDENT),
        description=_l("The state's plan may give students a turn of their own, and earlier where many live together."),
    )


class LivingForm(Form):
    """Living close to many others."""

    living = RadioField(
        _l("Do you live in one of these places?"),
        [InputRequired(_l("Choose an answer. “Prefer not to say” is one"))],
        choices=_offered(LIVING),
        description=_l(
            "Where many people live close together, the virus spreads faster. "
            "Student housing does not count here: the page before asked about it."
        ),
    )


class HealthForm(Form):
    """Conditions that make COVID-19 more dangerous."""

    conditions = ManyField(
        _l("Do you have any of these health conditions?"),
        [
            InputRequired(_l("Tick at least one box. “None of these” and “Prefer not to say” are there too")),
            _alone,
        ],
        choices=lambda: lists.offered(CONDITIONS.entries),
        description=_l(
            "Tick all that apply. With these, COVID-19 can be more dangerous. You need no doctor's note."
        ),
    )
    pregnant = RadioField(
        _l("Are you pregnant or breastfeeding?"),
        [Optional()],
        choices=_offered(rules.PREGNANT),
        description=_l("You may leave this empty. The clinic can then tell you what is known for you."),
    )


class AgreementForm(Form):
    """What the person agrees to."""

    terms = BooleanField(
        _l("My answers are true as far as I know, and I agree to the terms of use"),
        [InputRequired(_l("Please tick this box to go on"))],
        description=_l(
            "You use this site for yourself, or for somebody in your care, and keep your password secret."
        ),
    )
    sharing = BooleanField(
        _l("I agree that my answers are shared with the clinic that vaccinates me and with public health"),
        [InputRequired(_l("Please tick this box to go on"))],
        description=_l(
            "Your employer sees only whether you have registered: never your answers, never your health."
        ),
    )
    guardian = StringField(
        _l("Full name of your parent or guardian"),
        [InputRequired(_l("Enter the name")), _longest(rules.LONGEST["guardian"]), _one_line],
        description=_l("You are under 18. By entering the name, your parent or guardian agrees with you."),
    )


class FinishForm(Form):
    """The last button; it carries the record as the person saw it. `current` is asked where the e-mail address changes."""

    version = HiddenField()
    current = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Enter your password")), Length(max=200)],
        description=_l(
            "You change your e-mail address. We ask for your password so that nobody else can do that on a device that "
            "you left open."
        ),
        render_kw={"autocomplete": "current-password"},
    )


class EmptyForm(Form):
    """A button."""
