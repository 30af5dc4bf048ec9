"""What a file is, told from its first bytes: its name is only what somebody called it."""

import re

from app.infra.spreadsheet.refusals import UnreadableFile

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_OTHER_PACKAGES = (
    (b"application/vnd.oasis.opendocument.spreadsheet", "LibreOffice or OpenOffice spreadsheet"),
    (b"application/vnd.oasis.opendocument", "LibreOffice or OpenOffice document"),
    (b"Index/Document.iwa", "Numbers spreadsheet"),
    (b"xl/workbook.bin", "binary Excel workbook"),
    (b"word/document.xml", "Word document"),
    (b"ppt/presentation.xml", "PowerPoint presentation"),
)
_WEB = re.compile(rb"^\s*(?:<!doctype html|<html|<table|<meta|<head|<body|<div)", re.IGNORECASE)
_MARKUP = re.compile(rb"^\s*<\?xml", re.IGNORECASE)


def is_workbook(data: bytes) -> bool:
    """True for an .xlsx package, False for text. Raises UnreadableFile for anything else."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFile("empty")
    if data.startswith(_OLE2):
        raise UnreadableFile("password" if _ENCRYPTED in data else "old_excel")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _refuse_other_packages(data)
        return True
    _refuse_other_files(data)
    return False


def _refuse_other_packages(data: bytes) -> None:
    # Names stand uncompressed in a package, and the type of an OpenDocument file right at its start.
    if b"xl/workbook.xml" in data:
        return
    for mark, kind in _OTHER_PACKAGES:
        if mark in data:
            raise UnreadableFile("other_program", kind=kind)
    if b"[Content_Types].xml" not in data:
        raise UnreadableFile("not_a_workbook", kind="a ZIP archive")


def _refuse_other_files(data: bytes) -> None:
    start = data[:1024].removeprefix(b"\xef\xbb\xbf")
    kind = ""
    if b"%PDF-" in start:
        kind = "a PDF"
    elif start.startswith(_PICTURES) or start[4:8] == b"ftyp" or start[8:12] == b"WEBP":
        kind = "a picture"
    elif _WEB.match(start):
        kind = "a web page"
    elif _MARKUP.match(start):
        kind = "an XML file"
    elif start.startswith(b"{\\rtf"):
        kind = "a text document"
    elif not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in data:
        kind = "a file of another kind"
    if kind:
        raise UnreadableFile("not_a_workbook", kind=kind)
