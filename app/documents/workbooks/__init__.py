"""Workbooks that people download: the upload's template, the rows to mend, and what became of each row."""

from app.documents.workbooks.locations import locations_template, locations_to_mend
from app.documents.workbooks.of_upload import results_of_upload, rows_to_mend
from app.documents.workbooks.practising_providers import providers_template, providers_to_mend
from app.documents.workbooks.recipients import recipient_template, recipient_template_csv
from app.documents.workbooks.returned import BadRow, FatedRow, mistakes_workbook, results_workbook

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"

__all__ = [
    "CSV_TYPE",
    "XLSX_TYPE",
    "BadRow",
    "FatedRow",
    "locations_template",
    "locations_to_mend",
    "mistakes_workbook",
    "providers_template",
    "providers_to_mend",
    "recipient_template",
    "recipient_template_csv",
    "results_of_upload",
    "results_workbook",
    "rows_to_mend",
]
