"""Markup, templates, formulas and lines that somebody hopes we run, and the eye that sees whether anything did."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import brotli
from openpyxl import load_workbook
from sqlalchemy import String, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.infra.crypto import EncryptedJson
from app.infra.db import Base
from tests.documents import pdf_parts

MARK = "=zq\"'>"
SEEDS = (
    f"{MARK}<script>zq()</script><img src=x onerror=zq()>{{{{1337*1337}}}}${{1337*1337}}\r\nX-Planted: zq\u202e",
    f"{MARK}<script>zq()</script>{{{{1337*1337}}}}",
    f"{MARK}<img src=x onerror=zq()>",
    f"{MARK}<b onclick=zq>",
    f"{MARK}<zq>",
)
"""All begin as a formula does and leave an attribute; the longest that a field holds is planted."""
RUN = "1787569"
"""What a template engine makes of 1337 × 1337."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS: dict[str, str] = {
    "account": "first_name last_name",
    "administration": "clinician_name place_name outside_lot",
    "correction": "comment",
    "deprecation": "explanation",
    "enrolled_location": "name coordinator_first_name coordinator_last_name",
    "enrollment": "name",
    "enrollment_event": "why",
    "help_comment": "text",
    "grant": "ended_because",
    "guardianship": "ended_because",
    "help_announcement": "text text_es",
    "help_article_version": "title keywords text",
    "help_attachment": "filename",
    "help_case": "first_name last_name organization_name description",
    "help_ready_answer": "name text",
    "help_request_type": "name name_es",
    "help_team": "name",
    "help_workbook_run": "place_name",
    "invitation": "first_name last_name",
    "job_run": "last_error",
    "kiosk_device": "name",
    "list_decision": "label label_es",
    "listing": "sent_name external_id",
    "location": "name street city",
    "lot": "quarantined_because",
    "notice": "title text title_es text_es",
    "organization": "name street city country",
    "outbox_message": "last_error given_up_because",
    "outside_identity": "subject",
    "point_of_contact": "first_name last_name",
    "population_set": "source",
    "practicing_provider": "first_name last_name title license_number",
    "priority_group": "name words",
    "priority_plan": "name",
    "product": "name manufacturer",
    "provider_organization": "name",
    "recall": "reason",
    "recipient": "first_name middle_name last_name suffix street street_2 city",
    "recipient_merge": "undone_because",
    "self_registration": "first_name last_name",
    "shipment": "reference",
    "sign_in_session": "device",
    "stocktake": "note",
    "stocktake_line": "explanation",
    "storage_unit": "brand model",
    "transfer": "reason contact_name",
    "transfer_line": "lot_number explanation",
    "trusted_issuer": "name",
    "upload": "filename attested_name trouble",
    "visit": "reason",
    "visit_consent": "guardian_name",
}
"""Where text that somebody typed is kept and shown."""


def seed_for(length: int | None) -> str:
    """The longest seed of at most so many letters."""
    return next((seed for seed in SEEDS if length is None or len(seed) <= length), SEEDS[-1][: length or 0])


def plant(session: Session) -> list[str]:
    """Put a seed into every column of COLUMNS, past all forms. Returns those that the database refused.

    What is never changed once it is written is changed here all the same, in this SQLite database that is thrown away.
    """
    refused = []
    guards = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'")
    for (guard,) in session.execute(guards).all():
        session.execute(text(f'DROP TRIGGER "{guard}"'))
    for name, columns in COLUMNS.items():
        table = Base.metadata.tables[name]
        for column in columns.split():
            kind = table.columns[column].type
            assert isinstance(kind, String | EncryptedJson), f"{name}.{column}"
            length = kind.length if isinstance(kind, String) else None
            try:
                with session.begin_nested():
                    session.execute(update(table).values({column: seed_for(length)}))
            except DatabaseError:
                refused.append(f"{name}.{column}")
    session.commit()
    return refused


class _Dangers(HTMLParser):
    """What runs, or leads away, because of something planted."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: (value or "").strip().lower() for name, value in attrs}
        leads = [told.get(name, "") for name in ("href", "src", "action", "formaction", "hx-get", "hx-post")]
        runs = tag == "zq" or (tag == "script" and "src" not in told) or any(name.startswith("on") for name in told)
        if runs or told.get("src") == "x" or any(one.startswith(("javascript:", "vbscript:", "data:text")) for one in leads):
            self.found.append(self.get_starttag_text() or tag)


def dangers_of_page(html: str) -> list[str]:
    """Tags that should be text, and templates that were carried out."""
    if "zq" not in html and RUN not in html:
        return []
    return [*_Dangers(html).found, *([RUN] if RUN in html else [])]


def dangers_of(response: Any) -> Iterator[str]:
    """What is wrong with an answer of any kind."""
    if any("planted" in name.lower() for name, _value in response.headers):
        yield "a header of the attacker"
    kind, data = response.mimetype or "", response.get_data() if not response.direct_passthrough else b""
    if response.headers.get("Content-Encoding") == "br":
        data = brotli.decompress(data)
    if kind == "text/html":
        yield from dangers_of_page(data.decode())
    elif kind == "application/pdf":
        read = "".join(pdf_parts.text_of(data).split())
        if RUN in read or any(not read.startswith("\"'><", found.end()) for found in re.finditer("=zq", read)):
            yield "a document that read what is planted as its own"
    elif kind == "text/csv":
        cells = (cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row)
        yield from (f"a formula: {cell}" for cell in cells if "zq" in cell and cell.startswith(_FORMULA))
    elif kind.endswith("spreadsheetml.sheet"):
        book = load_workbook(io.BytesIO(data))
        cells_of = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
        yield from (f"a formula in {cell.coordinate}" for cell in cells_of if cell.data_type == "f" and "zq" in str(cell.value))
