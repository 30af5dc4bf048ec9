"""Details that are mended one at a time with a pencil: `?edit=city` opens the form of that one field.

A view makes a `Pencil` of the record, the fields that have a pencil and the page's address. The form carries
the version it started from; when the domain answers EditedMeanwhile, `tell_both` keeps the form open and
tells both values.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from wtforms import HiddenField

from app.domain.errors import EditedMeanwhile
from app.web.forms import Form, add_error


class Versioned(Protocol):
    """A record that counts its changes."""

    version: int


class PencilForm(Form):
    """One field, and the version of the record that it was opened from."""

    version = HiddenField()


def version_from(typed: str | None) -> int:
    """The version that a form carries; 0, which no record has, when it was tampered with."""
    typed = typed or ""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


class Pencil:
    """The one detail that is being mended, if any. `name` is what the template compares with its rows."""

    def __init__(
        self,
        record: Versioned,
        fields: Mapping[str, Any],
        values: Mapping[str, str],
        endpoint: str,
        **place: Any,
    ) -> None:
        """`fields`: unbound WTForms fields by detail. `values`: what is kept. `place`: of the endpoint."""
        self.endpoint, self.place = endpoint, place
        self.name = request.args.get("edit", "")
        self.form: Form | None = None
        if self.name in fields:
            kind = type("OnePencilForm", (PencilForm,), {self.name: fields[self.name]})
            self.form = kind(data={self.name: values[self.name], "version": str(record.version)})
        elif request.method == "POST":
            raise NotFound
        else:
            self.name = ""

    @property
    def url(self) -> str:
        """The record without an open pencil."""
        return url_for(self.endpoint, **self.place)

    def edit_url(self, name: str) -> str:
        """The record with the pencil of one detail open; the same address takes the new value."""
        return url_for(self.endpoint, **self.place, edit=name)

    def submitted(self) -> bool:
        """True when a new value of the right shape came in."""
        return self.form is not None and self.form.submitted()

    @property
    def typed(self) -> str:
        """The new value."""
        return str(self._field.data or "")

    @property
    def version(self) -> int:
        """The version of the record that the form was opened from; 0 when it was tampered with."""
        return version_from(self.form["version"].data if self.form else None)

    def refuse(self, message: str) -> None:
        """A rule of the domain said no: show it beside the field."""
        add_error(self._field, message)

    def tell_both(self, stale: EditedMeanwhile, stored: str) -> int:
        """Keep the form open on the newest version, with what was typed; returns the status to answer with.

        `stored`: what is there now, in words.
        """
        if self.form is not None:
            self.form["version"].data = str(stale.version)
        self.refuse(
            _(
                "Somebody else changed this record meanwhile. It now says “%(stored)s” here, and you entered "
                "“%(typed)s”. Save again to keep yours, or cancel to leave it as it is.",
                stored=stored or _("nothing"),
                typed=stale.typed or _("nothing"),
            )
        )
        return 409

    @property
    def _field(self) -> Any:
        if self.form is None:
            raise NotFound
        return self.form[self.name]
