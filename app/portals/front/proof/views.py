"""Is this proof genuine? Open to everybody who holds one, by scanning its code or by typing it."""

from dataclasses import dataclass
from datetime import date

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.vaccinations.check_card import CardCheck, check_card, day_of
from app.domain.vaccinations.check_proof import check_proof
from app.domain.vaccinations.proof_contents import ProofContents
from app.infra.codes_in_files import Busy, UnreadableFile
from app.portals.front.portal import portal
from app.portals.front.proof import held_out
from app.portals.front.proof.forms import CheckForm
from app.portals.front.proof.throttle import MISSES, WHAT, WINDOW
from app.web import context
from app.web.answers import go, show
from app.web.camera import with_camera
from app.web.forms import add_error
from app.web.portal import PUBLIC

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """What a stranger is told of a genuine proof: enough to see that the paper was not altered, and no more.

    The name stays on the paper: whoever has only a picture of the code learns initials and a year.
    """

    initials: str
    birth_year: int
    doses: tuple[tuple[int, str, date], ...]


@portal.action("/proof", needs=PUBLIC, first=held_out.read_file_first, keeps_files=False)
def proof_page() -> Response:
    """What somebody holds out: typed, pasted, as a hand scanner types it, or a file."""
    form = CheckForm()
    if request.method == "POST":
        _stop_guessing()
    if form.submitted():
        texts = _texts(form)
        if found := _checked(texts):
            return _private(show("front/proof/card.html", form=None, found=found, day_of=day_of))
        if code := held_out.code_among(texts):
            return _private(go(url_for("front.proof_check", code=code)))
        if not form.errors:
            _say_nothing_found(form)
    return _private(show("front/proof/page.html", form=form))


@portal.page("/proof/<code>", needs=PUBLIC)
def proof_check(code: str) -> Response:
    """What we know about the proof with this code: the address that is printed on it."""
    _stop_guessing()
    found = check_proof(context.db(), code[:_LONGEST])
    if found.verdict == "unknown":
        _note_miss()
    known = found.verdict not in {"unknown", "misread"}
    form = CheckForm(code="" if known else code[:_LONGEST])
    shown = _shown(found.contents) if found.contents else None
    return _private(show("front/proof/check.html", form=form, found=found, shown=shown, status=200 if known else 404))


def _texts(form: CheckForm) -> list[str]:
    """The typed text, or the codes of the file; none with the reason at its field."""
    try:
        found = held_out.texts_in_file()
    except Busy:
        add_error(form.file, _("Many files are being read at the moment. Please send it again in a few seconds."))
        return []
    except UnreadableFile as error:
        _note_miss()
        add_error(
            form.file,
            _("This file has more than 10 MB. Take a smaller picture, of the square code only.") if error.too_big
            else _("We cannot open this file. Send a picture as JPEG, PNG or WebP, the PDF, or the .smart-health-card file."),
        )  # fmt: skip
        return []
    if found == []:
        _note_miss()
        add_error(form.file, _("We found no square code in this file. Take the picture again: near, straight and in good light."))
    return [form.code.data or ""] if found is None else found


def _say_nothing_found(form: CheckForm) -> None:
    if form.file.data:
        add_error(form.file, _("What this file holds is neither a proof of ours nor a whole health card."))
    elif held_out.looks_like_a_card(form.code.data or ""):
        add_error(form.code, _("This health card is not whole, or not one about vaccinations. Scan it again."))
    else:
        add_error(form.code, _("Enter the whole code: 26 letters and digits. Spaces and dashes do not matter."))


def _checked(texts: list[str]) -> list[CardCheck]:
    """What there is to say about the cards, shown on the page that was sent: an address would tell what a card holds."""
    demonstration, now = context.settings().demo, context.now()
    cards = held_out.cards_among(texts)
    found = [check_card(context.db(), card, demonstration=demonstration, now=now) for card in cards]
    if found and all(one.verdict in {"unknown", "changed", "misread"} for one in found):
        _note_miss()
    return [one for one in found if one.verdict != "misread"]


def _stop_guessing() -> None:
    if attempts.blocked(
        context.db(), WHAT, context.client_address(), limit=MISSES, within=WINDOW, now=context.now()
    ):
        abort(429)


def _note_miss() -> None:
    parts, now, caller = context.database(), context.now(), context.client_address()
    context.afterwards(lambda: attempts.note(parts, WHAT, caller, now=now))


def _shown(contents: ProofContents) -> Shown:
    names = (contents.first_name, contents.middle_initial, contents.last_name)
    return Shown(
        " ".join(f"{name[0].upper()}." for name in names if name),
        contents.birth_date.year,
        tuple((dose.number, dose.product_name, dose.given_on) for dose in contents.doses),
    )


def _private(response: Response) -> Response:
    """Found by no search engine, and the code is told to nobody by a link."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return with_camera(response)
