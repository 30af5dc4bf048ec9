"""The few ways in which a view answers."""

from typing import Any
from urllib.parse import quote, urlsplit

from flask import Response, current_app, flash, make_response, redirect, render_template, request
from flask_htmx import HTMX
from flask_wtf import FlaskForm

htmx = HTMX()


def wants_fragment() -> bool:
    """True for an htmx swap; false for a full page, a boosted link or the Back button."""
    headers = request.headers
    return (
        bool(htmx)
        and not htmx.boosted
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Request-Type") != "full"
    )


def show(
    template: str,
    *,
    fragment: str | None = None,
    form: FlaskForm | None = None,
    status: int | None = None,
    **context: Any,
) -> Response:
    """Render the page, or only the named block of it when htmx asked. 422 when the form has mistakes."""
    if fragment and wants_fragment():
        body = _render_block(template, fragment, {"form": form, **context})
    else:
        body = render_template(template, form=form, **context)
    response = make_response(body, status or (422 if form is not None and form.errors else 200))
    response.vary.add("HX-Request")
    return response


def _render_block(name: str, block: str, context: dict[str, Any]) -> str:
    """One block of a page, knowing the macros that the page imports at its top."""
    template = current_app.jinja_env.get_template(name)
    current_app.update_template_context(context)
    page = template.new_context(context)
    next(template.root_render_func(page), None)
    return "".join(template.blocks[block](page))


def done(url: str, message: str | None = None, category: str = "success") -> Response:
    """After a POST that ended well: say so, then send the reader on. htmx follows by itself."""
    if message:
        flash(message, category)
    return go(url)


def go(url: str) -> Response:
    """Send the reader to another page of ours."""
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": url})
    return make_response(redirect(url, 303))


def download(data: bytes, filename: str, mimetype: str) -> Response:
    """A file to keep. It is never shown inside a page and never cached by others."""
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response


def apology(status: int, heading: str, text: str, *, back_url: str | None = None) -> Response:
    """A page that explains why something did not happen."""
    known = status if status in {400, 403, 404, 409, 413, 429, 500, 503} else 400
    body = render_template(f"errors/{known}.html", heading=heading, text=text, back_url=back_url)
    return make_response(body, status)


def is_local(url: str) -> bool:
    """True for a path on this site: the only kind of address a form may send us on to.

    Browsers read a backslash as a slash and take tabs and line breaks out before they look.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = url.isprintable() and "\\" not in url
    return plain and url.startswith("/") and not url.startswith("//") and not parts.netloc and not parts.scheme


def page_of_form() -> str:
    """The local address of the page that was asked for, or on which the form that came stands; "" where that is not known."""
    rule = request.url_rule
    if rule is None or "GET" in (rule.methods or ()):
        return request.full_path.rstrip("?")
    try:
        address = urlsplit(request.referrer or "")
    except ValueError:  # what a browser says of where it was need not be an address
        return ""
    if address.netloc != request.host:
        return ""
    return f"{address.path}?{address.query}".rstrip("?")
