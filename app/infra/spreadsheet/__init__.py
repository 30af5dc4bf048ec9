"""Reads people's spreadsheets (.xlsx and CSV) row by row, and refuses what cannot be read with a sentence."""

from app.infra.spreadsheet.cells import Cell, Column, Fault, Row, Value, clean_text, header_key
from app.infra.spreadsheet.mistakes import Mistake, about_fault
from app.infra.spreadsheet.refusals import UnreadableFile
from app.infra.spreadsheet.sheet import Sheet, read_sheet

__all__ = [
    "Cell",
    "Column",
    "Fault",
    "Mistake",
    "Row",
    "Sheet",
    "UnreadableFile",
    "Value",
    "about_fault",
    "clean_text",
    "header_key",
    "read_sheet",
]
