"""What somebody who knows no rules of ours would type into a form, by the type and the name of each field."""

import io
import re
from typing import Any

from tests.make.accounts import PASSWORD
from tests.markup import Control, FormFound

_BY_NAME = (
    (r"email", "pat.lee@example.org"),
    (r"phone|fax", "919 555 0142"),
    (r"zip", "27601"),
    (r"year$", "1950"),
    (r"month$", "4"),
    (r"day$", "28"),
    (r"first_name", "Pat"),
    (r"last_name", "Lopez"),
    (r"city", "Raleigh"),
    (r"street", "1 Oak Street"),
    (r"password|^again$", PASSWORD),
)
_BY_KIND = {
    "date": "2021-03-12", "time": "10:30", "datetime-local": "2021-03-12T10:30", "number": "1", "email": "pat.lee@example.org",
    "tel": "919 555 0142", "password": PASSWORD, "search": "Lo", "textarea": "A few plain words.",
}  # fmt: skip
Sent = dict[str, Any]


def left_empty(form: FormFound) -> Sent:
    """Hidden fields as they stand, everything else as if nobody had touched a bare form."""
    sent: Sent = {}
    for control in form.controls:
        if control.kind == "hidden":
            sent.setdefault(control.name, []).append(control.value)
        elif control.kind == "select":
            sent[control.name] = [control.options[0] if control.options else ""]
        elif control.name and control.kind not in {"checkbox", "radio", "file"}:
            sent[control.name] = [""]
    return _pressed(form, sent)


def filled_in(form: FormFound, **known: str) -> Sent:
    """Every field with something plausible; `known` by name wins."""
    sent: Sent = {}
    for control in form.controls:
        if not control.name:
            continue
        if control.kind == "hidden" or control.kind == "checkbox":
            sent.setdefault(control.name, []).append(control.value)
        elif control.kind == "radio":
            if control.name not in sent or known.get(control.name) == control.value:
                sent[control.name] = [control.value]
        elif control.kind == "file":
            sent[control.name] = _file(control)
        else:
            sent[control.name] = [known.get(control.name) or _typed(control)]
    return _pressed(form, sent)


def _typed(control: Control) -> str:
    if control.kind == "select":
        return next((option for option in control.options if option), "")
    if control.value:
        return control.value
    if control.kind in _BY_KIND:
        return _BY_KIND[control.kind]
    for pattern, text in _BY_NAME:
        if re.search(pattern, control.name):
            return text
    return "1" if control.attributes.get("inputmode") in {"numeric", "decimal"} else "Plain words"


def _file(control: Control) -> Any:
    if "image" in control.attributes.get("accept", ""):
        return (io.BytesIO(b"\xff\xd8\xff no picture"), "picture.jpg")
    return (io.BytesIO(b"First Name,Last Name\r\nPat,Lee\r\n"), "people.csv")


def _pressed(form: FormFound, sent: Sent) -> Sent:
    """Enter presses the first button."""
    for button in form.buttons[:1]:
        if button.name:
            sent[button.name] = [button.value]
    return sent


def typed_texts(form: FormFound, sent: Sent) -> list[str]:
    """What must stand there again when the form comes back: not passwords, files and hidden things."""
    shown = [
        one for one in form.controls if one.kind not in {"hidden", "password", "file", "checkbox", "radio", "select"}
    ]
    return [
        str(sent[one.name][0])
        for one in shown
        if one.name in sent and one.attributes.get("autocomplete") != "one-time-code"
    ]
