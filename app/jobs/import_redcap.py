"""Earlier enrollments from a REDCap export: taken once, with what became of each row as a CSV report."""

import csv
import io
from datetime import datetime

from app.domain.enrollment.import_redcap import ImportedLocation, import_redcap
from app.domain.enrollment.redcap_rows import RedcapExport, read_redcap
from app.infra.db import Database

HEADER = ("row", "record", "outcome", "location", "state", "variable", "remark")


def take_export(
    database: Database, data: bytes, *, now: datetime, with_mail: bool
) -> tuple[list[ImportedLocation], RedcapExport]:
    """Read the export and take it. Raises UnreadableFile before anything is changed."""
    export = read_redcap(data)
    return import_redcap(database, export, now=now, with_mail=with_mail), export


def write_report(done: list[ImportedLocation], export: RedcapExport) -> str:
    """One line for what became of each record, and one for each remark, in the order of the rows."""
    lines: list[tuple[int, tuple[str, ...]]] = [
        (one.row, (one.record_id, one.fate, one.code, one.status, "", "")) for one in done
    ]
    lines += [
        (one.row, ("", "refused" if one.refused else "remark", "", "", one.column, one.message))
        for one in export.remarks
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows((row, *rest) for row, rest in sorted(lines, key=lambda line: line[0]))
    return out.getvalue()
