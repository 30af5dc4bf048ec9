"""What readers are asked."""

from wtforms import HiddenField

from app.web.forms import Form


class HelpfulForm(Form):
    """Was this helpful? The two buttons answer."""

    language = HiddenField()
    version = HiddenField()
