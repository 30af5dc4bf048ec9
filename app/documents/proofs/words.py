"""The words of a proof in the languages that it can be asked for.

A catalogue of `app/translations` goes first; what it lacks comes from the table here, so that a Spanish proof is whole
even where nobody has translated the pages yet.
"""

from collections.abc import Callable
from functools import lru_cache

from babel.support import NullTranslations, Translations
from jinja2 import Environment

from app.documents.printing import SOURCE_LOCALE, TRANSLATIONS, templates_in

_SPANISH = {
    "Proof of Vaccination": "Comprobante de vacunación",
    "Doses given against COVID-19": "Dosis administradas contra el COVID-19",
    "DEMONSTRATION – not a medical record": "DEMOSTRACIÓN: no es un registro médico",
    "Issued on %(day)s": "Emitido el %(day)s",
    "Last name": "Apellidos",
    "First name": "Nombre",
    "Middle initial": "Inicial del segundo nombre",
    "Date of birth": "Fecha de nacimiento",
    "Dose": "Dosis",
    "Vaccine and manufacturer": "Vacuna y fabricante",
    "Lot number": "Número de lote",
    "Lot %(lot)s": "Lote %(lot)s",
    "Date given": "Fecha",
    "Given by": "Administrada por",
    "given elsewhere": "administrada en otro lugar",
    "Proof code": "Código del comprobante",
    "Is this proof genuine?": "¿Es auténtico este comprobante?",
    "Scan this code with a phone camera, or type the address:": "Escanee este código con la cámara del teléfono o escriba la dirección:",
    "Compare the name and the date of birth with an identity document.": (
        "Compare el nombre y la fecha de nacimiento con un documento de identidad."
    ),
    "SMART Health Card": "SMART Health Card",
    (
        "For apps that check or keep health cards. It holds the name, the date of birth, and each dose with its vaccine, day "
        "and, where there is room, lot."
    ): (
        "Para aplicaciones que verifican o guardan tarjetas de salud. Contiene el nombre, la fecha de nacimiento y cada dosis "
        "con su vacuna, fecha y, si cabe, lote."
    ),
    "Is something wrong here?": "¿Hay algún error aquí?",
    "Tell us at %(address)s or call %(phone)s.": "Infórmenos en %(address)s o llame al %(phone)s.",
    "QR code with the address %(address)s": "Código QR con la dirección %(address)s",
    "QR code of the SMART Health Card of %(name)s": "Código QR de la SMART Health Card de %(name)s",
    "Check this proof": "Verifique este comprobante",
    "Fold here": "Doble aquí",
}
_SPANISH_PLURALS = {"%(num)s doses on record": ("%(num)s dosis registrada", "%(num)s dosis registradas")}


class _Table(NullTranslations):
    """The table as a catalogue: one that falls back to the source's words."""

    def gettext(self, message: str) -> str:
        """The words in Spanish."""
        return _SPANISH.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The words in Spanish for so many."""
        one, many = _SPANISH_PLURALS.get(msgid2, (msgid1, msgid2))
        return one if n == 1 else many

    # Jinja asks for these first.
    ugettext, ungettext = gettext, ngettext


@lru_cache(maxsize=8)
def words_of(locale: str) -> tuple[Environment, str, Callable[[str], str]]:
    """The templates in a language, its code for dates and the document, and its words; English where we have none."""
    found = Translations.load(TRANSLATIONS, [locale])
    if isinstance(found, Translations):
        lang = locale
        if locale == "es":
            found.add_fallback(_Table())
    elif locale == "es":
        found, lang = _Table(), locale
    else:
        lang = SOURCE_LOCALE
    return templates_in(found, lang), lang, found.gettext
