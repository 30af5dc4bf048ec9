"""From an access code to the sheet that a clinic hands out; needs no request and no Flask."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.documents.printing import PRINT, language
from app.infra.pdf import html_to_pdf
from app.infra.qr import qr_png_data_uri


@dataclass(frozen=True, slots=True)
class AccessSheet:
    """What stands on the sheet. `last_day` is the last one on which the code surely works; `visit_code` is the person's
    own, which says at the clinic's door who has come, and opens nothing."""

    name: str
    code: str
    visit_code: str
    page_url: str
    last_day: date
    program_name: str
    state_name: str
    help_phone: str
    help_hours: str
    language: str


def render_sheet(sheet: AccessSheet) -> bytes:
    """The PDF (PDF/UA-1, US letter, one page) in the person's language, or in English. One picture holds the page only, one the code for the door."""
    environment, lang, gettext = language(sheet.language)
    html = environment.get_template("access_code.html").render(
        sheet=sheet, lang=lang, picture=qr_png_data_uri(sheet.page_url), door=qr_png_data_uri(sheet.visit_code)
    )
    return html_to_pdf(html, stylesheets=(_stylesheet(),), title=gettext("Your access code"), lang=lang)


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    return (PRINT / "access_code.css").read_text(encoding="utf-8")
