"""What a kiosk asks."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.domain.vaccinations.kiosk.check_in_at_kiosk import Told
from app.domain.vaccinations.kiosk.finding import LONGEST_SCAN, Typed
from app.web.forms import Form, MemorableDateField


class PairForm(Form):
    """The code that the manager reads out."""

    code = StringField(_l("Code"), [InputRequired(), Length(max=40)])


class TypeForm(Form):
    """The three questions. Which answers cannot be right is told on the next page, never in the answer to a POST."""

    last_name = StringField(validators=[InputRequired(), Length(max=80)], filters=[lambda text: (text or "").strip()[:200]])
    birth_date = MemorableDateField(validators=[InputRequired()])
    detail = StringField(validators=[InputRequired(), Length(max=40)], filters=[lambda text: (text or "").strip()[:200]])

    def told(self) -> Told:
        """What the domain is asked. To be called after `submitted`."""
        born = self.birth_date
        raw = {
            "last_name": self.last_name.data or "", "month": born.month_value, "day": born.day_value,
            "year": born.year_value, "detail": self.detail.data or "",
        }  # fmt: skip
        wrong = tuple(name for name in ("last_name", "birth_date", "detail") if self[name].errors)
        if wrong:
            return Told(raw=raw, wrong=wrong)
        return Told(typed=Typed(raw["last_name"], born.data, raw["detail"]), raw=raw)


class ScanForm(Form):
    """What a scanner typed, or a camera read."""

    code = StringField(filters=[lambda text: (text or "").strip()[:LONGEST_SCAN]])


class KeptForm(TypeForm):
    """Three answers or a code, and how many seconds ago they were told: the screen's clock may be wrong."""

    code = StringField(filters=[lambda text: (text or "").strip()[:LONGEST_SCAN]])
    age = IntegerField(validators=[InputRequired(), NumberRange(0, 2 * 86_400)])


class ConfirmForm(Form):
    """Yes or no, to the name that was shown: `turn` says to which."""

    turn = HiddenField()
    answer = HiddenField()


class DeskForm(Form):
    """A button."""
