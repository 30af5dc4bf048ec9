"""Many doses from paper at once: the template, the upload, and the rows that come back to be mended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.documents.paper.workbook import paper_rows_to_mend, paper_template
from app.documents.workbooks import XLSX_TYPE, BadRow
from app.domain.accounts.access import Permission
from app.domain.drafts import drafts
from app.domain.errors import NotFound
from app.domain.vaccinations.enter_from_paper_pile import lots_for_paper
from app.domain.vaccinations.enter_from_paper_rows import EnteredRows, enter_paper_rows, lots_ever
from app.domain.vaccinations.paper_rows import MOST_ROWS, PaperRow, lot_label, read_paper_file
from app.infra.spreadsheet import Mistake, UnreadableFile
from app.portals.provider.portal import portal
from app.web import context
from app.web.answers import done, download, show
from app.web.context import actor, db, now, settings
from app.web.forms import add_error
from app.web.mending import SHOWN, WorkbookForm, refusal_text

_KIND = "doses from paper to mend"
_ROOM = "/<uuid:location_id>/back-entry/workbook"
_MAY = Permission.ADMINISTER_DOSES


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the last file; `rows` are those to mend."""

    sent_at: datetime
    entered: int
    present: int
    waiting: int
    rows: list[BadRow]


@portal.action(_ROOM, needs=_MAY)
def paper_workbook(location_id: UUID) -> Response:
    """Upload a filled-in workbook; good rows are entered at once, the others come back."""
    form = WorkbookForm()
    if form.submitted():
        lots = lots_ever(db(), actor(), location_id)
        data, name = form.file.data.read(), form.file.data.filename or ""
        try:
            rows = read_paper_file(data, filename=name, lots=lots, now=now(), zone=settings().zone)
        except UnreadableFile as unreadable:
            add_error(form.file, refusal_text(unreadable))
        else:
            _enter_afterwards(location_id, rows)
            return done(url_for("provider.paper_workbook", location_id=location_id))
    return show(
        "provider/back_entry/workbook.html", form=form, location_id=location_id, outcome=_kept(location_id),
        most=MOST_ROWS, shown=SHOWN, entered_text=entered_text,
    )  # fmt: skip


@portal.page(f"{_ROOM}/template.xlsx", needs=_MAY)
def paper_workbook_template(location_id: UUID) -> Response:
    """The empty workbook, with the lots of the location to choose from."""
    return download(paper_template(_lots(location_id)), _("Doses from paper.xlsx"), XLSX_TYPE)


@portal.page(f"{_ROOM}/rows-to-mend.xlsx", needs=_MAY)
def paper_rows_workbook(location_id: UUID) -> Response:
    """The rows that could not be taken, with the mistakes beside the cells."""
    outcome = _kept(location_id)
    if outcome is None or not outcome.rows:
        raise NotFound
    return download(paper_rows_to_mend(outcome.rows, _lots(location_id)), _("Doses from paper to mend.xlsx"), XLSX_TYPE)


def entered_text(entered: int, present: int) -> str:
    """How many doses of a file were entered, and how many were there already."""
    text = ngettext("%(num)s dose was entered.", "%(num)s doses were entered.", entered)
    if present:
        text += " " + ngettext("%(num)s was there already.", "%(num)s were there already.", present)
    return text


def _lots(location_id: UUID) -> list[str]:
    return [lot_label(lot) for lot in lots_for_paper(db(), actor(), location_id)]


def _enter_afterwards(location_id: UUID, rows: list[PaperRow]) -> None:
    """Each row in a transaction of its own, once that of the request is over: others go on writing meanwhile."""
    parts, who, moment, account_id = context.machines(), actor(), now(), context.account().id

    def enter() -> None:
        done_with = enter_paper_rows(parts.database, who, location_id, rows, now=moment, zone=parts.settings.zone)
        with parts.database.transaction() as session:
            drafts.save_draft(session, account_id, _KIND, location_id, "", _to_keep(done_with), now=moment)
        parts.queue.wake("mail")

    context.afterwards(enter)


def _to_keep(entered: EnteredRows) -> dict[str, object]:
    rows = [
        {
            "number": row.number,
            "cells": row.cells,
            "mistakes": [[one.address, one.column, one.message, one.key] for one in row.mistakes],
        }
        for row in entered.mistaken
    ]
    return {"entered": entered.entered, "present": entered.present, "waiting": entered.waiting, "rows": rows}


def _kept(location_id: UUID) -> Outcome | None:
    draft = drafts.find_draft(db(), context.account().id, _KIND, location_id)
    if draft is None:
        return None
    rows = [
        BadRow(row["number"], row["cells"], [Mistake(*parts) for parts in row["mistakes"]])
        for row in draft.data["rows"]
    ]
    told = draft.data
    return Outcome(draft.updated_at, told["entered"], told["present"], told["waiting"], rows)
