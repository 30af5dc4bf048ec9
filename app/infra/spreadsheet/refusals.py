"""Why a file as a whole cannot be used: one code each, and the sentence that says what to do."""

SENTENCES = {
    "empty": "The file is empty. Fill in the template, save it and upload it again.",
    "too_big": (
        "This file holds more than we can read (%(limit_mb)s MB once opened). "
        "Copy only the rows with people into a fresh template and upload that."
    ),
    "password": (
        "This workbook is protected by a password. In Excel choose File, Info, Protect Workbook, "
        "Encrypt with Password, clear the password, save and upload it again."
    ),
    "old_excel": (
        "This is an old Excel or Office file. Open it in Excel, choose Save As, Excel Workbook (.xlsx), "
        "and upload the new file."
    ),
    "other_program": (
        "This is a %(kind)s, not an Excel workbook. Open it in the program it was made with, "
        "save or export it as Excel Workbook (.xlsx) or CSV, and upload the new file."
    ),
    "not_a_workbook": ("This is %(kind)s, not an Excel workbook. Fill in the template and upload it as .xlsx or .csv."),
    "damaged": (
        "This workbook is damaged and cannot be read. Open it in Excel, copy the rows into a fresh template, "
        "save it and upload that."
    ),
    "encoding": (
        "The letters in this file cannot be read. "
        "Save it as CSV UTF-8 or as Excel Workbook (.xlsx) and upload it again."
    ),
    "quotes": (
        "A quotation mark in or before line %(line)s is not closed. "
        "Mend the line, or save the file as Excel Workbook (.xlsx), and upload it again."
    ),
    "no_sheet": "The workbook has no sheet with cells. Fill in the template and upload it again.",
    "no_header": (
        "We did not find the column headings in the first %(rows)s rows of the sheet “%(sheet)s”. "
        "Download the template, copy your rows below its headings and upload that."
    ),
    "missing_columns": "These columns are missing: %(missing)s. Add them, with these headings.",
    "unknown_columns": (
        "We do not know these columns: %(unknown)s. Use the headings of the template, or remove the columns."
    ),
    "duplicate_columns": "These columns are there more than once: %(duplicated)s. Keep one of each.",
    "merged": (
        "The sheet has more than %(limit)s merged cells. "
        "Select the whole sheet, unmerge the cells, fill in each row, and upload it again."
    ),
    "no_rows": "The file has headings but no rows below them. Fill in at least one row and upload it again.",
    "too_many_rows": "The file has more than %(limit)s rows. %(beyond)s",
}


class UnreadableFile(Exception):
    """A file that is refused whole.

    `code` is the first key of SENTENCES that holds; `facts` are the values its sentence names. `parts` lists
    every (template, facts) pair, so that a page can translate each; `str()` is the whole in English.
    """

    def __init__(self, code: str, /, **facts: str) -> None:
        self.code = code
        self.facts = facts
        self.parts: tuple[tuple[str, dict[str, str]], ...] = ((SENTENCES[code], facts),)
        super().__init__(SENTENCES[code] % facts)

    def __str__(self) -> str:
        return " ".join(template % facts for template, facts in self.parts)

    @classmethod
    def of(cls, *reasons: "UnreadableFile") -> "UnreadableFile":
        """One refusal for several reasons; the code is that of the first."""
        whole = cls(reasons[0].code, **reasons[0].facts)
        whole.parts = tuple(part for reason in reasons for part in reason.parts)
        for reason in reasons:
            whole.facts = {**whole.facts, **reason.facts}
        return whole
