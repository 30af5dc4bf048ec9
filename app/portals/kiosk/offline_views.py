"""What the kiosk's service worker needs: itself, the pages that it keeps, and where it sends what it kept."""

from flask import Response, make_response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf

from app.domain.accounts.access import Permission
from app.domain.vaccinations.kiosk.check_in_at_kiosk import Told
from app.domain.vaccinations.kiosk.take_kept import take_kept
from app.portals.kiosk.forms import KeptForm, TypeForm
from app.portals.kiosk.portal import kiosk, moment, page, portal
from app.portals.kiosk.views import next_of_typed
from app.web.context import actor, db, settings
from app.web.static_files import STATIC, static_url

_NEEDS = Permission.CHECK_IN_RECIPIENTS


@portal.page("/worker.js", needs=_NEEDS)
def worker() -> Response:
    """The service worker: its address decides that it serves the kiosk's pages and no others.

    Its first line changes with what the pages look like, so that browsers then keep the new ones.
    """
    looks = " ".join(static_url(path) for path in ("css/kiosk.css", "js/kiosk.js"))
    response = make_response(f"// {looks}\n{(STATIC / 'js/kiosk-worker.js').read_text()}")
    response.content_type = "text/javascript; charset=utf-8"
    return response


@portal.action("/away", needs=_NEEDS)
def away() -> Response:
    """The questions, as a page that is kept for when the line is down. Where it is not, it is the page of every day."""
    form, typed = TypeForm(), dict.fromkeys(("last_name", "month", "day", "year", "detail"), "")
    status = 200 if request.method == "GET" else 422
    return next_of_typed(form) or page(
        "kiosk/away.html", clears=None, form=form, typed=typed, wrong=None, away=True, status=status
    )


@portal.page("/away/thanks", needs=_NEEDS)
def thanks() -> Response:
    """What somebody is told whose check-in is kept."""
    return page("kiosk/thanks.html")


@portal.action("/kept", needs=_NEEDS)
def kept() -> Response:
    """A check-in that was kept while the line was down, once for its key. Asked with GET, the token for sending one."""
    if request.method == "GET":
        response = make_response(generate_csrf())
        response.content_type = "text/plain"
        return response
    form = KeptForm()
    form.validate()
    told = Told(scanned=form.code.data) if form.code.data else form.told()
    age = None if form.age.errors else form.age.data
    take_kept(db(), actor(), kiosk(), told, age, moment(), settings().zone)
    return make_response(redirect(url_for("kiosk.kept"), 303))
