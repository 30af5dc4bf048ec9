"""What staff of a clinic do, page by page and form by form, as browsers would send it."""

import html
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import xlsxwriter

from app.domain.recipients.recipient_rows import COLUMNS, SHEET_NAME
from bench.clinics import Desk, Person
from bench.visitor import Answer, Fields, Roaming, Visitor
from tests import make

OWN = ("csrf_token", "request_key")
_VISIT = re.compile(r"/clinic/visits/([0-9a-f-]{36})")


class NotDone(Exception):
    """The program answered, and did not do what was asked: status and the beginning of what it said."""

    def __init__(self, answer: Answer) -> None:
        told = " ".join(re.sub(r"<[^>]*>", " ", answer.text.partition("<main")[2]).split())
        super().__init__(f"{answer.status}: {told[:200]}")
        self.answer = answer


Send = Callable[[Callable[[], Answer]], Answer]


def at_once(ask: Callable[[], Answer]) -> Answer:
    """Ask, and take the answer as it is."""
    return ask()


@dataclass(slots=True)
class AtTheDesk:
    """Somebody signed in. `patience` carries out each request: once, or until it was answered."""

    visitor: Visitor | Roaming
    desk: Desk
    patience: Send = at_once

    def sign_in(self) -> None:
        """Begin a session. Raises NotDone."""
        path = "/account/sign-in/provider"
        _, hidden = self.open(path).form()
        answer = self.send(path, [*hidden, ("name", self.desk.username), ("password", make.PASSWORD)])
        if "provider" not in answer.location:
            raise NotDone(answer)

    def find(self, one: Person) -> Answer:
        """Search by the three details; the page with who was found."""
        path = f"{self.clinic}"
        _, hidden = self.open(path).form('id="find"')
        answer = self.send(path, [*hidden, ("last_name", one.last), *day_fields("birth_date", one.born), ("detail", one.first)])
        return self.open(answer.location)

    def check_in(self, found: Answer) -> str:
        """Check in the first who was found; the address of the page of the dose."""
        path, hidden = found.form("/check-in")
        return self.send(path, hidden).location

    def walk_in(self, one: Person) -> str:
        """Register and check in somebody new; the address of the page of the dose."""
        path = f"{self.clinic}/walk-in"
        _, hidden = self.open(path).form()
        typed = [
            ("first_name", one.first), ("last_name", one.last), *day_fields("birth_date", one.born), ("email", one.email),
            ("zip", "27601"), ("state_abbr", "NC"), ("gender", "female"), ("county_fips", ""), ("races", "2028-9"), ("ethnicity", "2135-2"),
            ("industry", "other"),
        ]  # fmt: skip
        return self.send(path, [*hidden, *typed]).location

    def give_dose(self, path: str) -> str:
        """Screening and dose on one page; the address of the visit."""
        page = self.open(path)
        _, hidden = page.form()
        typed = [
            ("rest_is_no", "y"), ("fact_sheet_given", "y"), ("lot", page.option("lot")), ("site", "LD"),
            ("clinician_name", "Ann Lee"), ("clinician_suffix", "RN"),
        ]  # fmt: skip
        return self.send(path, [*hidden, *typed]).location

    def print_proof(self, visit: Answer) -> None:
        """Press the button of a visit's page that makes the proof, and download it."""
        path, hidden = visit.form("/proof")
        made = self.open(self.send(path, [*hidden, ("paper", "letter")]).location)
        found = re.search(r'href="([^"]*/proof\.pdf[^"]*)"', made.text)
        if found is None:
            raise NotDone(made)
        self.open(html.unescape(found[1]))

    def receive(self, lot: str, doses: int) -> str:
        """Book a delivery; the address of its lot."""
        path = f"/provider/{self.desk.location_id}/inventory/receive"
        _, hidden = self.open(path).form()
        later = date(date.today().year + 1, 1, 31)
        typed = [
            ("product", "pfizer"), ("lot_number", lot), *day_fields("expires_on", later), ("doses_expected", str(doses)),
            ("doses_received", str(doses)), ("doses_damaged", "0"),
        ]  # fmt: skip
        return self.send(path, [*hidden, *typed]).location

    def upload(self, people: Iterable[Person]) -> str:
        """Send a workbook; the address of the page that tells what became of it."""
        path, book = f"/provider/{self.desk.location_id}/uploads", workbook(people)
        _, hidden = self.open(path).form()
        typed = [*hidden, ("attested", "y"), ("attested_name", "Ann Lee")]
        return self._done(self.patience(lambda: self.visitor.send_file(path, typed, "people.xlsx", book))).location

    def open(self, path: str) -> Answer:
        """A page. Raises NotDone where it is none."""
        answer = self.patience(lambda: self.visitor.get(path))
        if answer.status != 200:
            raise NotDone(answer)
        return answer

    def send(self, path: str, fields: Fields) -> Answer:
        """Send a form. Raises NotDone unless the program says where to go on."""
        return self._done(self.patience(lambda: self.visitor.post(path, fields)))

    @property
    def clinic(self) -> str:
        """The address of the clinic day."""
        return f"/provider/{self.desk.location_id}/clinic"

    @staticmethod
    def _done(answer: Answer) -> Answer:
        if answer.status not in {302, 303}:
            raise NotDone(answer)
        return answer


def visit_in(address: str) -> str:
    """The id of the visit that an address names. Raises LookupError."""
    found = _VISIT.search(address)
    if found is None:
        raise LookupError(f"no visit in {address}")
    return found[1]


def workbook(people: Iterable[Person]) -> bytes:
    """The template filled with these people."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(SHEET_NAME)
    headers = {column.key: column.header for column in COLUMNS}
    keys = ("first_name", "last_name", "birth_date", "email", "zip")
    sheet.write_row(0, 0, [headers[key] for key in keys])
    for number, one in enumerate(people, start=1):
        sheet.write_row(number, 0, [one.first, one.last, f"{one.born:%m/%d/%Y}", one.email, "27601"])
    book.close()
    return out.getvalue()


def day_fields(name: str, day: date) -> Fields:
    """A date as its three fields."""
    return [(f"{name}-month", str(day.month)), (f"{name}-day", str(day.day)), (f"{name}-year", str(day.year))]
