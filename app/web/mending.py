"""Rows of a workbook that could not be taken: they wait, encrypted, until whoever sent them has mended them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from app.domain.drafts import drafts
from app.infra.spreadsheet import Mistake, UnreadableFile
from app.infra.spreadsheet.read_rows import ReadRow
from app.web import context
from app.web.forms import Form

SHOWN = 50
"""So many rows with mistakes are listed on the page; the workbook has them all."""


class WorkbookForm(Form):
    """A file."""

    file = FileField(_l("The filled-in workbook"), [FileRequired(_l("Choose the file"))])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the last file: how many rows were added, how many were there already, and the rows to mend."""

    added: int
    present: int
    rows: list[ReadRow]


def keep_outcome(kind: str, subject_id: UUID, added: int, present: int, mistaken: Sequence[ReadRow]) -> None:
    """Keep the rows to mend; a file in which all was well takes those of an earlier one away."""
    who = (context.db(), context.account().id, kind, subject_id)
    if not mistaken:
        drafts.drop_draft(*who)
        return
    rows = [
        {
            "number": row.number,
            "cells": dict(row.cells),
            "mistakes": [[one.address, one.column, one.message, one.key] for one in row.mistakes],
        }
        for row in mistaken
    ]
    drafts.save_draft(*who, "", {"added": added, "present": present, "rows": rows}, now=context.now())


def kept_outcome(kind: str, subject_id: UUID) -> Outcome | None:
    """What became of the last file, while it has rows to mend."""
    draft = drafts.find_draft(context.db(), context.account().id, kind, subject_id)
    if draft is None:
        return None
    return Outcome(draft.data["added"], draft.data["present"], [_row(row) for row in draft.data["rows"]])


def refusal_text(unreadable: UnreadableFile) -> str:
    """Why a file as a whole cannot be used, and what to do."""
    return " ".join(_(sentence) % facts for sentence, facts in unreadable.parts)


def _row(kept: dict[str, Any]) -> ReadRow:
    return ReadRow(kept["number"], {}, tuple(Mistake(*parts) for parts in kept["mistakes"]), kept["cells"])
