"""Whatever anybody types, scans or mails is understood, or refused in the one way that is meant; nothing breaks."""

import os
import unicodedata
from contextlib import suppress
from datetime import date, datetime
from email.message import EmailMessage
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm

from app.domain.accounts.names import fold_name
from app.domain.helpdesk.attachments import NewAttachment, check_files
from app.domain.helpdesk.errors import BadAttachment
from app.domain.recipients import keys, row_values
from app.domain.recipients.finding.typed import MOST_WORDS, take_apart
from app.domain.recipients.joining.access_codes import hash_code
from app.domain.vaccinations.paper_rows import read_clock, read_typed_date
from app.domain.vaccinations.proof_codes import ALPHABET, LENGTH, new_code, read_code
from app.infra.paging import pack, unpack
from app.infra.search import fold
from app.integrations.inbound_mail.read_mail import MOST_PARTS, InboundMail, NotAMail, read_mail
from app.portals.front.proof.held_out import cards_among, code_among
from app.web.answers import is_local
from app.web.forms import MemorableDateField, PhoneField

pytestmark = pytest.mark.once
TRIES = 2_000 if os.environ.get("CVMS_LONG") else 60
quick = settings(max_examples=TRIES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TODAY = date(2021, 3, 10)

PIECES = st.sampled_from(
    [
        *("", " ", "/", "//", "\\", ":", "@", "+", "-", ".", ",", "#", "?", "%2f", "%00", "\t", "\r\n", "\x00", "\u202e", "\u2028"),
        *("0", "1", "19", "2021", "٣", "²", "Ⅷ", "am", "PM", "feb", "3", "12", "/13/", "9195550100", "https:", "evil.example"),
        *("a", "É", "ß", "ﬃ", "İ", "ı", "李", "'", "’", "shc:/", "ey", "proof/", "mailto:", "<b>", "{{7*7}}", "=1+1", "é", "ǆ"),
    ]
)
TYPED = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=9).map("".join))


@quick
@given(TYPED)
def test_names_are_folded_to_something_that_folds_no_further(text):
    once = fold_name(text)
    assert fold_name(once) == once
    assert fold(fold(text)) == fold(text)
    key = keys.name_key(text[:40], text[:80], TODAY)
    assert key == keys.name_key(text[:40].swapcase().swapcase(), text[:80], TODAY)
    assert len(keys.sound_key(text[:80], TODAY)) <= 100


@quick
@given(TYPED, TYPED)
def test_values_of_rows_are_read_or_asked_for_again(text, other):
    for read in (
        lambda: row_values.read_name(text, longest=40), lambda: row_values.read_suffix(text), lambda: row_values.read_email(text),
        lambda: row_values.read_birth_date(text, today=TODAY), lambda: row_values.read_zip(text, state=other[:2]),
    ):  # fmt: skip
        with suppress(row_values.Unclear):
            assert read() not in (None, "") or not text.strip()
    with suppress(row_values.Unclear):
        name = row_values.read_name(text, longest=40)
        assert not any(unicodedata.category(sign) in {"Cc", "Nd", "Sm", "Sc", "Zl", "Zp"} for sign in name)
        assert not set("<>{}@/=\"") & set(name)
    with suppress(row_values.Unclear):
        number = row_values.read_phone(text)
        assert number.isascii()
        assert number.isdigit()
        assert row_values.read_phone(f"({number[:3]}) {number[3:6]}-{number[6:]}") == number


@quick
@given(st.one_of(TYPED, st.floats(), st.integers(), st.booleans(), st.dates(), st.times(), st.datetimes(), st.none()))
def test_a_birth_date_is_a_day_of_somebody_alive_or_asked_for_again(value):
    with suppress(row_values.Unclear):
        day = row_values.read_birth_date(value, today=TODAY)
        assert date(1901, 1, 1) <= day <= TODAY
        assert not isinstance(day, datetime)


@quick
@given(TYPED)
@example("٩:٣٠")
@example("12:60 am")
def test_times_and_days_of_paper_are_read_or_asked_for_again(text):
    with suppress(row_values.Unclear):
        assert read_clock(text).hour >= 6 or any(half in text.lower() for half in ("a", "p"))
    with suppress(row_values.Unclear):
        assert read_typed_date(text, today=TODAY) <= TODAY


@quick
@given(TYPED, TYPED, TYPED)
def test_three_boxes_are_a_day_or_no_day_and_a_telephone_has_ten_digits(month, day, year):
    class Asked(PlainForm):
        born = MemorableDateField()
        phone = PhoneField()

    form = Asked(MultiDict({"born-month": month, "born-day": day, "born-year": year, "phone": month}))
    assert form.born.data is None or 1800 <= form.born.data.year < 2200
    assert form.phone.data is not None


@quick
@given(TYPED)
def test_what_is_typed_to_find_somebody_is_always_taken_apart(text):
    typed = take_apart(text)
    assert len(typed.words) <= MOST_WORDS
    assert all(word == fold(word) for word in typed.words)
    assert typed.year == 0 or 1900 <= typed.year < 2100
    assert typed.kinds is not None


@quick
@given(TYPED, st.sampled_from(["", " ", "-", "/proof/"]))
def test_a_scanned_text_is_a_code_or_none(text, between):
    found = read_code(text)
    assert found is None or (len(found) == LENGTH and set(found) <= set(ALPHABET))
    assert code_among([text, f"https://x/proof/{text}"]) is None or found or len(text) >= LENGTH
    assert isinstance(cards_among([text, "shc:/" + text, "ey" + text + ".."]), list)
    assert len(hash_code(text)) == 64
    code = new_code()
    assert read_code(between.join((code[:9], code[9:])).lower() if between != "/proof/" else f" {code}\n") == code


@quick
@given(st.one_of(TYPED, st.binary(max_size=80).map(lambda data: data.hex()), st.text("W10gIltfe9", max_size=80)))
@example(pack("a"))
@example("W1tb" * 3000)
def test_a_key_of_a_page_is_ours_or_the_list_begins_at_its_beginning(text):
    found = unpack(text, 2)
    assert found is None or (len(found) == 2 and all(isinstance(value, str) for value in found))
    assert unpack(pack(text, 1), 2) == [text, "1"]


@quick
@given(TYPED)
@example("/\\evil.example")
@example("/\t/evil.example")
@example("//evil.example")
@example("/..//evil.example")
def test_only_paths_of_this_site_are_followed(url):
    if is_local(url):
        assert urlsplit(urljoin("https://cvms.test/account/sign-in", url)).netloc == "cvms.test"
        assert not url.startswith(("//", "/\\"))
        assert url.isprintable()


HEADERS = st.dictionaries(
    st.sampled_from(["From", "To", "Cc", "Subject", "Message-ID", "Content-Type", "Auto-Submitted", "Return-Path", "Precedence",
                     "Content-Transfer-Encoding", "Content-Disposition", "Date", "References"]),
    st.one_of(TYPED, st.sampled_from(["multipart/report; boundary=x", "text/html; charset=no-such", "multipart/mixed", "a@b <", "=?utf-8?q?=FF?=",
                                      "text/plain; charset=\"", "message/rfc822", "=?x?b?", "\"@\" <@>, <", "attachment; filename*=utf-8''%ff"])),
    max_size=6,
)  # fmt: skip


@quick
@example({"From": "<"}, b"")
@given(HEADERS, st.one_of(st.binary(max_size=200), TYPED.map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_a_mail_or_none(headers, body):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("utf-8", "surrogatepass")
    for data in (lines + b"\r\n" + body, body, lines + b"\r\n--x\r\n" + lines + b"\r\n" + body + b"\r\n--x--"):
        with suppress(NotAMail):
            mail = read_mail(data, ["help+0123456789abcdef0123@cvms.test"])
            assert isinstance(mail, InboundMail)
            assert mail.kind in {"answer", "automatic", "bounce"}
            assert "\x00" not in mail.text


def test_a_mail_of_hundreds_of_parts_is_none():
    mail = EmailMessage()
    mail["From"] = "maria@example.org"
    mail.set_content("Hello")
    for _ in range(MOST_PARTS):
        mail.add_attachment(b"x", maintype="text", subtype="plain", filename="x.txt")
    with pytest.raises(NotAMail):
        read_mail(mail.as_bytes(), [])


@quick
@given(TYPED, st.one_of(st.binary(max_size=300), TYPED.map(lambda text: text.encode("utf-8", "replace")), st.sampled_from(
    [b"PK\x03\x04" + b"\x00" * 40, b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n\x1a\n" + b"\x00" * 30, b"\xff\xd8\xff\xe0", b"GIF89a", b"BM" + b"\x00" * 60]
)))  # fmt: skip
def test_a_file_for_the_help_desk_has_a_plain_name_or_is_refused(name, data):
    with suppress(BadAttachment):
        (checked,) = check_files([NewAttachment(name, data)])
        assert checked.filename.isprintable()
        assert not set('/\\:"<>|\r\n') & set(checked.filename)
        assert not checked.filename.startswith(".")
        assert len(checked.filename) <= 120
