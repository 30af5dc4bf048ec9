"""The catalogue of what a recipient can see: gathers the sentences, brings the Spanish file up to date and compiles it.

`make messages` after a sentence was added or changed; then write its Spanish into messages.po and run it once more.
Sentences of staff portals are not in it: those portals speak English.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from app.web.data_labels import labels_for_recipients  # noqa: E402 - run as a script it first needs the path

LANGUAGE = "es"
FOLDER = APP / "translations" / LANGUAGE / "LC_MESSAGES"
PO, MO = FOLDER / "messages.po", FOLDER / "messages.mo"
HEADER = "# Spanish of everything that a recipient can see. See scripts/messages.py."

PYTHON = (
    *("documents/agreements/*.py", "documents/access_codes/*.py", "documents/copies/*.py", "domain/recipients/row_values.py"),
    *("portals/account/**/*.py", "portals/front/**/*.py", "portals/kiosk/**/*.py", "portals/recipient/**/*.py"),
    *("portals/helpdesk/*.py", "portals/helpdesk/[!d]*/**/*.py", "web/*.py"),
)
TEMPLATES = (
    *("account/**/*.html", "components/*.html", "errors/*.html", "front/**/*.html", "layouts/*.html"),
    *("kiosk/*.html", "recipient/**/*.html", "helpdesk/*.html", "helpdesk/[!d]*/**/*.html", "emails/*.txt"),
    *("print/access_code.html", "print/agreement*.html"),
)
# Pages and mails of staff, which are in English.
OF_STAFF = {
    *("web/enrollment_words.py", "web/transfer_words.py", "web/role_words.py", "web/gallery.py", "web/comparison.py"),
    *("web/organization_form.py", "web/organization_pages.py", "web/contact_pages.py", "web/undelivered.py", "web/upload_form.py", "web/mending.py"),
    *("web/figure_words_of_staff.py", "web/gallery_charts.py"),
}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "Unclear": None,
}  # fmt: skip


def sources() -> Iterator[tuple[Path, str]]:
    """Every file with sentences for recipients, and what reads it."""
    for patterns, folder, method in ((PYTHON, APP, "python"), (TEMPLATES, APP / "templates", "jinja2")):
        for path in sorted({found for pattern in patterns for found in folder.glob(pattern)}):
            if path.relative_to(APP).as_posix() not in OF_STAFF and not is_staff_mail(path):
                yield path, method


def is_staff_mail(path: Path) -> bool:
    """True for a mail that no recipient gets."""
    from app.documents.mails import IN_ENGLISH_ONLY

    return path.parent.name == "emails" and path.name.startswith(IN_ENGLISH_ONLY)


def gathered() -> Catalog:
    """All sentences, with the files in which they stand; the labels of data last."""
    catalog = Catalog()
    for path, method in sources():
        where = [(path.relative_to(ROOT).as_posix(), 0)]
        options = {"extensions": "jinja2.ext.do", "silent": "false"} if method == "jinja2" else {}
        for _line, sentence, _comments, _context in extract_from_file(method, path, KEYWORDS, (), options):
            catalog.add(sentence, locations=where)
    for label in labels_for_recipients():
        catalog.add(label, locations=[("app/web/data_labels.py", 0)])
    return catalog


def kept() -> Catalog:
    """The Spanish as it is in the repository."""
    with PO.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def brought_up_to_date() -> Catalog:
    """What is kept, for the sentences that there are now: new ones are empty, those that are gone are left out."""
    catalog = Catalog(locale=LANGUAGE, header_comment=HEADER, fuzzy=False)
    old = kept() if PO.exists() else Catalog(locale=LANGUAGE)
    for message in gathered():
        if message.id:
            found = old.get(message.id)
            files = [(path, None) for path in sorted({path for path, _line in message.locations})]
            catalog.add(message.id, found.string if found else None, locations=files)
    return catalog


def written(catalog: Catalog) -> bytes:
    """The file, the same whenever and wherever it is written."""
    out = io.BytesIO()
    write_po(out, catalog, width=120, sort_by_file=True, omit_header=True)
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: {LANGUAGE}\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return head.encode() + out.getvalue()


def compiled(po: bytes) -> bytes:
    """The form in which the program reads it."""
    out = io.BytesIO()
    catalog = read_po(io.BytesIO(po), locale=LANGUAGE)
    # Otherwise the moment of compiling stands in it, and no two files are alike.
    catalog.creation_date = catalog.revision_date = datetime(2021, 1, 1, tzinfo=UTC)
    write_mo(out, catalog)
    return out.getvalue()


def main() -> int:
    po = written(brought_up_to_date())
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po)
    MO.write_bytes(compiled(po))
    missing = [message.id for message in brought_up_to_date() if message.id and not is_whole(message.string)]
    for sentence in missing:
        print(f"without Spanish: {sentence}")
    return 1 if missing else 0


def is_whole(string: object) -> bool:
    """True where a translation, in the plural each of its forms, is there."""
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
