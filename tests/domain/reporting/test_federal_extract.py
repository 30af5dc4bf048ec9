"""The federal extract: made once a day, checked here by a validator that knows the specification's tables alone."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.accounts.access import Role, system
from app.domain.errors import NotAllowed
from app.domain.program.settings import ChangeSetting, change_setting
from app.domain.recipients.models import Recipient
from app.domain.reporting.cvrs import make_extract as making
from app.domain.reporting.cvrs import queries
from app.domain.reporting.cvrs.columns import NAMES
from app.domain.reporting.cvrs.make_extract import DayNotOver, LaterDayReported, days_to_report, make_extract
from app.domain.reporting.cvrs.models import CvrsExtract, CvrsProblem
from app.domain.reporting.cvrs.places import zip_lies_in
from app.domain.reporting.cvrs.validate import problems_of
from app.domain.vaccinations.remove_dose import RemoveDose, remove_dose
from app.jobs.report_doses import report_due
from tests import make
from tests.make.inventory import lot
from tests.make.merging import joined
from tests.make.vaccinations import ZONE, dose, someone

ROBOT = system("test")
TODAY = date(2021, 3, 10)
ELEMENTS = list(csv.DictReader((Path(__file__).parent / "cvrs_elements.csv").read_text().splitlines()))
ADDRESS = {"county_fips": "37183", "state_abbr": "NC", "zip": "27601", "street": "1 Main St", "city": "Raleigh"}
MISTAKES = [
    ({"recip_address_zip": "90210"}, "BUSR003"), ({"recip_address_county": "51001"}, "BUSR001"),
    ({"recip_address_county": "37002"}, "BUSR001"), ({"recip_dob": "2021-03-11"}, "BUSR005"),
    ({"admin_date": "2021-03-12"}, "BUSR012"), ({"recip_dob": ""}, "REQD001"), ({"pprl_id": "x"}, "DNTS001"),
    ({"recip_first_name": "Ann"}, "DATA006"), ({"admin_date": "3/10/2021"}, "DATA009"), ({"vtrcks_prov_pin": "12"}, "DATA005"),
    ({"dose_num": "7"}, "DATA007"), ({"lot_number": "x" * 256}, "DATA008"), ({"admin_address_zip": "10001"}, "BUSR004"),
]  # fmt: skip
FORMS = {
    "date": r"\d{4}-\d\d(-\d\d)?", "fips": r"\d{5}", "usps": r"[A-Z]{2}", "zip": r"\d{5}(-\d{4})?", "pin": r"\d{6}",
    "number": r"\d+",
}  # fmt: skip


def check_file(data, *, redacted=True):
    """Read a file back as CDC would, by the table of elements; returns its lines as dictionaries."""
    text = data.decode("utf-8")
    assert text.endswith("\n")
    head, *lines = text.split("\n")[:-1]
    assert head.split("\t") == [element["variable"] for element in ELEMENTS]
    rows = [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]
    for row in rows:
        for element in ELEMENTS:
            value, rule = row[element["variable"]], element["vaccination"]
            assert rule != "-" or not value, element
            assert rule != "Y" or value, element
            assert rule != "Red" or not redacted or value == "Redacted", element
            if value:
                assert not element["longest"] or len(value) <= int(element["longest"]), element
                assert not element["values"] or value in element["values"].split("|"), element
                assert element["form"] not in FORMS or re.fullmatch(FORMS[element["form"]], value), element
        assert row["recip_dob"] <= row["admin_date"]
    assert len({row["vax_event_id"] for row in rows}) == len(rows)
    return rows


def made(database, storage, day, *, now=None):
    moment = now or datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1)
    make_extract(database, storage, ROBOT, day, zone=ZONE, now=moment)
    return read(database, storage, day)


def read(database, storage, day):
    """All files of a day: name to bytes."""
    with database.reading() as session:
        extract = queries.get_extract(session, ROBOT, day)
        return {
            file.name: b"".join(queries.read_file(session, storage, ROBOT, extract, file.number))
            for file in queries.files_of(session, extract)
        }


@pytest.fixture
def clinic(session, now):
    at = make.location(session, street="2 Elm St")
    at.stock = lot(session, at, number="EN6201", doses=30)
    return at


def patient(session, clinic, **other):
    return someone(session, clinic, **{"gender": "female", "races": ["2106-3", "2028-9"], "ethnicity": "2186-5", **ADDRESS, **other})


def test_the_table_in_the_program_is_the_table_of_the_specification():
    assert [element["variable"] for element in ELEMENTS] == list(NAMES)
    assert len(NAMES) == 45


def test_a_dose_becomes_a_line_that_the_specification_allows(session, database, storage, clinic):
    dose(session, clinic, patient(session, clinic, answers={"conditions": ["asthma"]}), clinic.stock)
    files = made(database, storage, TODAY)
    assert list(files) == ["20210310_01_NCA.txt"]
    row, = check_file(files["20210310_01_NCA.txt"])
    told = {
        "ext_type": "D", "recip_first_name": "Redacted", "recip_sex": "F", "recip_race_1": "2106-3", "recip_race_2": "2028-9",
        "recip_ethnicity": "2186-5", "admin_date": "2021-03-10", "cvx": "208", "mvx": "PFR", "lot_number": "EN6201",
        "vax_admin_site": "LD", "vax_route": "C28161", "dose_num": "1", "vax_series_complete": "NO", "admin_name": "Eastside Clinic",
        "responsible_org": "Eastside Clinic Health", "admin_type": "UNK", "vax_refusal": "NO", "cmorbid_status": "YES",
        "serology": "UNK", "recip_address_county": "37183", "pprl_id": "", "recip_race_3": "",
    }  # fmt: skip
    assert {name: row[name] for name in told} == told


def test_the_identified_model_has_names_without_tabs_and_line_breaks(session, database, storage, clinic):
    change_setting(session, ROBOT, ChangeSetting("cvrs_model", "i", TODAY), now=datetime(2021, 3, 1, tzinfo=UTC))
    dose(session, clinic, patient(session, clinic, street="1 Main\tSt\r\nApt 2"), clinic.stock)
    row, = check_file(made(database, storage, TODAY)["20210310_01_NCA.txt"], redacted=False)
    assert (row["ext_type"], row["recip_last_name"], row["recip_address_street"]) == ("I", "Lopez", "1 Main St Apt 2")


def test_made_again_it_is_the_same_bytes_and_nothing_is_sent_twice(session, database, storage, clinic, now):
    person = patient(session, clinic)
    given = dose(session, clinic, person, clinic.stock)
    first = made(database, storage, TODAY)
    person.zip = "27605"
    remove_dose(session, make.vaccinations.nurse_at(clinic.id), RemoveDose(clinic.id, given.id, 1, "mistake", "stock"), now=now)
    session.commit()
    assert made(database, storage, TODAY) == first
    with time_machine.travel(now + timedelta(days=1)):
        dose(session, clinic, patient(session, clinic), clinic.stock)
    second = check_file(made(database, storage, TODAY + timedelta(days=1))["20210311_01_NCA.txt"])
    assert [row["admin_date"] for row in second] == ["2021-03-11"]


def test_a_line_that_would_be_refused_waits_until_it_is_mended(session, database, storage, clinic, now):
    right, wrong = patient(session, clinic), patient(session, clinic, zip="90210")
    for person in (right, wrong):
        dose(session, clinic, person, clinic.stock)
    rows = check_file(made(database, storage, TODAY)["20210310_01_NCA.txt"])
    assert [row["recip_id"] for row in rows] == [right.code]
    with database.reading() as reading:
        held, = queries.list_held_back(reading, ROBOT).items
        assert (held.code, held.problems[0][:2]) == (wrong.code, ["BUSR003", "recip_address_zip"])
        assert "90210" not in str(held.problems)
    assert check_file(made(database, storage, TODAY + timedelta(days=1))["20210311_01_NCA.txt"]) == []
    session.get(Recipient, wrong.id).zip = "27601"
    session.commit()
    rows = check_file(made(database, storage, TODAY + timedelta(days=2))["20210312_01_NCA.txt"])
    assert [row["recip_id"] for row in rows] == [wrong.code]
    assert session.scalars(select(CvrsProblem)).one().solved_by_id is not None


def test_a_line_tells_of_the_record_that_was_kept(session, database, storage, clinic, now):
    kept, other = patient(session, clinic, gender="male"), patient(session, clinic, zip="90210")
    dose(session, clinic, other, clinic.stock)
    joined(session, kept, other)
    row, = check_file(made(database, storage, TODAY)["20210310_01_NCA.txt"])
    assert (row["recip_id"], row["recip_address_zip"], row["recip_sex"]) == (kept.code, "27601", "M")


def test_a_full_file_is_followed_by_another(session, database, storage, clinic, monkeypatch):
    monkeypatch.setattr(making, "LINES_IN_FILE", 4)
    monkeypatch.setattr(making, "LINES_IN_PART", 3)
    people = [patient(session, clinic) for _ in range(9)]
    for person in people:
        dose(session, clinic, person, clinic.stock)
    files = made(database, storage, TODAY)
    assert list(files) == [f"20210310_0{number}_NCA.txt" for number in (1, 2, 3)]
    sent = [check_file(data) for data in files.values()]
    assert [len(rows) for rows in sent] == [4, 4, 1]
    assert [row["recip_id"] for rows in sent for row in rows] == [person.code for person in people]


def test_a_maker_that_was_killed_leaves_nothing_and_two_at_once_make_one(session, database, storage, clinic, monkeypatch):
    dose(session, clinic, patient(session, clinic), clinic.stock)
    monkeypatch.setattr(making, "_keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        made(database, storage, TODAY)
    monkeypatch.undo()
    assert not [path for path in storage.root.rglob("cvrs/*/*") if path.is_file()]
    gather = making._gather

    def overtaken(*arguments, **named):
        monkeypatch.setattr(making, "_gather", gather)
        made(database, storage, TODAY)
        gather(*arguments, **named)

    monkeypatch.setattr(making, "_gather", overtaken)
    files = made(database, storage, TODAY)
    assert len(check_file(files["20210310_01_NCA.txt"])) == 1
    assert session.query(CvrsExtract).count() == 1
    assert len([path for path in storage.root.rglob("cvrs/*/*") if path.is_file()]) == 1


def test_days_come_one_after_the_other_and_not_before_they_are_over(session, database, storage, clinic):
    with pytest.raises(DayNotOver):
        make_extract(database, storage, ROBOT, TODAY, zone=ZONE, now=datetime(2021, 3, 11, 4, 59, tzinfo=UTC))
    made(database, storage, TODAY)
    with pytest.raises(LaterDayReported):
        made(database, storage, TODAY - timedelta(days=1))
    with database.reading() as reading:
        assert list(days_to_report(reading, today=date(2021, 3, 13))) == [date(2021, 3, 11), date(2021, 3, 12)]


def test_the_night_makes_what_is_missing_from_three_on_also_when_clocks_change(session, database, storage, clinic):
    made(database, storage, date(2021, 3, 12))
    night = datetime(2021, 3, 15, 6, 30, tzinfo=UTC)
    assert report_due(database, storage, zone=ZONE, now=night) == 0
    assert report_due(database, storage, zone=ZONE, now=night + timedelta(minutes=31)) == 2
    extracts = session.scalars(select(CvrsExtract).order_by(CvrsExtract.day)).all()
    assert extracts[2].until - extracts[1].until == timedelta(hours=23)


def test_only_state_staff_make_and_take_extracts(session, database, storage, clinic):
    viewer = make.actor(session, make.account(session, Role.STATE_VIEWER, realm="state"))
    with pytest.raises(NotAllowed):
        make_extract(database, storage, viewer, TODAY, zone=ZONE, now=datetime(2021, 3, 12, tzinfo=UTC))


VALUES = st.one_of(st.sampled_from([value for element in ELEMENTS for value in element["values"].split("|")]),
                   st.sampled_from(["", "Redacted", "2021-02-29", "2021-02-28", "1950-13", "27601", "90210", "37183", "37000", "NC"]),
                   st.text(max_size=12))  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)))
def test_the_program_refuses_whatever_the_specification_refuses(line):
    """Values taken at random: where our rules find no error, the independent reading finds none either."""
    line = {name: value.replace("\t", " ").replace("\n", " ").replace("\r", " ") for name, value in line.items()}
    if not [problem for problem in problems_of(line, today=TODAY) if not problem.warning]:
        check_file("\n".join(["\t".join(NAMES), "\t".join(line.values()), ""]).encode(), redacted=line["ext_type"] != "I")


def test_each_rule_of_the_clearing_house_finds_its_mistake(session, database, storage, clinic):
    dose(session, clinic, patient(session, clinic), clinic.stock)
    right, = check_file(made(database, storage, TODAY)["20210310_01_NCA.txt"])
    assert not [problem for problem in problems_of(right, today=TODAY) if not problem.warning]
    for change, code in MISTAKES:
        assert code in {problem.code for problem in problems_of({**right, **change}, today=TODAY)}, change


def test_zip_codes_lie_in_their_states():
    for zip_code, state in [("27601", "NC"), ("28902", "NC"), ("24112", "VA"), ("29403", "SC"), ("06390", "NY"), ("00901", "PR")]:
        assert zip_lies_in(zip_code, state)
        assert not zip_lies_in(zip_code, "TX")
