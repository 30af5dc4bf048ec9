"""Signing in and one's own account, for every audience."""

from flask_babel import lazy_gettext as _l

from app.web.portal import Portal

portal = Portal("account", __name__, url_prefix="/account", title=_l("Your account"))
