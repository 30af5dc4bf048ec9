"""The forms of a page and what htmx hangs on, read in a few milliseconds: for walks over hundreds of pages."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]
_TYPED = {"input", "select", "textarea"}


@dataclass
class Control:
    """Something of a form. `options`: the values of a select. `value`: what it sends as it stands, of a box its value."""

    tag: str
    attributes: Attributes
    value: str = ""
    options: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name, "" where it sends nothing."""
        return self.attributes.get("name", "")

    @property
    def kind(self) -> str:
        """The type of an input, else the tag."""
        return self.attributes.get("type", "text") if self.tag == "input" else self.tag


@dataclass
class FormFound:
    """One form as it stands on a page."""

    attributes: Attributes
    controls: list[Control] = field(default_factory=list)
    buttons: list[Control] = field(default_factory=list)

    @property
    def posts(self) -> bool:
        """Whether it is sent by POST."""
        return self.attributes.get("method", "get").lower() == "post"

    @property
    def targets(self) -> list[str]:
        """The addresses to which its buttons send it; "" is the page's own."""
        default = self.attributes.get("action", "")
        return list(dict.fromkeys(one.attributes.get("formaction", default) for one in self.buttons)) or [default]


class PageParts(HTMLParser):
    """`forms`, and in `dead` the tags with hx-* that do nothing without a script."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[FormFound] = []
        self.dead: list[str] = []
        self._form: FormFound | None = None
        self._text: Control | None = None
        self._select: Control | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms open, controls join the open form."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = FormFound(told)
            self.forms.append(self._form)
        elif self._form is not None and tag in _TYPED:
            self._add(Control(tag, told, told.get("value", "on" if told.get("type") in {"checkbox", "radio"} else "")))
        elif self._form is not None and tag == "button":
            self._form.buttons.append(Control(tag, told, told.get("value", "")))
        elif tag == "option" and self._select is not None:
            self._choose(told)
        if told.keys() & {"hx-get", "hx-post"} and not self._works(tag, told):
            self.dead.append(self.get_starttag_text() or tag)

    def _add(self, control: Control) -> None:
        assert self._form is not None
        if control.kind in {"submit", "image"}:
            self._form.buttons.append(control)
            return
        if control.kind == "button" or "disabled" in control.attributes:
            return
        self._form.controls.append(control)
        self._select = control if control.tag == "select" else None
        self._text = control if control.tag == "textarea" else None

    def _choose(self, told: Attributes) -> None:
        assert self._select is not None
        value = told.get("value", "")
        if not self._select.options or "selected" in told:
            self._select.value = value
        self._select.options.append(value)

    def _works(self, tag: str, told: Attributes) -> bool:
        if tag == "a":
            return bool(told.get("href"))
        if tag == "form":
            return "action" in told
        inside = self._form is not None and "action" in self._form.attributes
        return inside or (tag == "button" and "formaction" in told)

    def handle_data(self, data: str) -> None:
        """What stands in a textarea."""
        if self._text is not None:
            self._text.value += data

    def handle_endtag(self, tag: str) -> None:
        """Forms, selects and textareas end."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None
