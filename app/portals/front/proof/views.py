"""Is this proof genuine? Open to everybody who holds one, by scanning its code or by typing it."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import unquote

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.vaccinations.check_proof import check_proof
from app.domain.vaccinations.proof_codes import read_code
from app.domain.vaccinations.proof_contents import ProofContents
from app.portals.front.portal import portal
from app.web import context
from app.web.answers import go, show
from app.web.portal import PUBLIC

MISSES = 30
WINDOW = timedelta(minutes=15)
_LONGEST = 300
_WHAT = "proof-check"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a stranger is told of a genuine proof: enough to see that the paper was not altered, and no more.

    The name stays on the paper: whoever has only a picture of the code learns initials and a year.
    """

    initials: str
    birth_year: int
    doses: tuple[tuple[int, str, date], ...]


@portal.page("/proof", needs=PUBLIC)
def proof_page() -> Response:
    """The form for the code. It also takes the whole printed address, as a hand scanner types it."""
    typed = request.args.get("code")
    if typed is None:
        return _private(show("front/proof/page.html", typed="", mistake=None))
    code = read_code(_code_in(typed))
    if code is None:
        mistake = _("Enter the whole code: 26 letters and digits. Spaces and dashes do not matter.")
        page = show("front/proof/page.html", typed=typed[:_LONGEST].strip(), mistake=mistake, status=422)
        return _private(page)
    return _private(go(url_for("front.proof_check", code=code)))


@portal.page("/proof/<code>", needs=PUBLIC)
def proof_check(code: str) -> Response:
    """What we know about the proof with this code: the address that is printed on it."""
    parts, now, caller = context.database(), context.now(), context.client_address()
    if attempts.blocked(context.db(), _WHAT, caller, limit=MISSES, within=WINDOW, now=now):
        abort(429)
    found = check_proof(context.db(), code[:_LONGEST])
    if found.verdict == "unknown":
        context.afterwards(lambda: attempts.note(parts, _WHAT, caller, now=now))
    known = found.verdict not in {"unknown", "misread"}
    page = show(
        "front/proof/check.html", found=found, shown=_shown(found.contents) if found.contents else None,
        typed="" if known else code[:_LONGEST], status=200 if known else 404,
    )  # fmt: skip
    return _private(page)


def _code_in(typed: str) -> str:
    """The code of a typed code or of a whole address."""
    return unquote(typed[:_LONGEST]).strip().rpartition("/proof/")[2].split("?")[0].split("#")[0]


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
    return response
