"""The front door: open to everybody."""

from flask_babel import lazy_gettext as _l

from app.web.portal import Portal

portal = Portal("front", __name__, title=_l("COVID-19 Vaccine Management System"))
