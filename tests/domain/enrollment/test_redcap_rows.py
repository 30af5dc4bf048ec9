"""Earlier enrollments out of REDCap: what can be understood is kept, the rest is left out, and each oddity is told."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.enrollment.fields import LOCATION, OF_ENROLLMENT, OF_LOCATION, SECTION_A, SECTION_B, unanswered
from app.domain.enrollment.redcap_columns import INSTRUMENT, Variables
from app.domain.enrollment.redcap_read import Remark
from app.domain.enrollment.redcap_rows import RedcapExport, RedcapLocation, read_redcap
from app.domain.enrollment.redcap_values import read_date, read_value
from app.infra.spreadsheet import UnreadableFile
from tests.files.redcap import PROVIDERS, UNITS, header, instance, one_location, redcap_file, redcap_lines

pytestmark = pytest.mark.once


def read(*lines: dict[str, str], **how: Any) -> RedcapExport:
    return read_redcap(redcap_file(list(lines), **how))


def only(*more: dict[str, str], **changed: str) -> RedcapLocation:
    export = read(one_location(**changed), *more)
    assert export.refused == ()
    (location,) = export.locations
    return location


def said(**changed: str) -> list[tuple[str, str]]:
    """The remarks about a location that is odd in this."""
    return [(remark.column, remark.message) for remark in only(**changed).remarks]


@pytest.fixture(scope="module")
def thousand() -> RedcapExport:
    return read_redcap(redcap_file(redcap_lines(1_000)))


def test_a_thousand_earlier_enrollments_are_all_taken(thousand: RedcapExport) -> None:
    assert len(thousand.locations) == 1_000
    assert thousand.refused == ()
    assert {location.record_id for location in thousand.locations} == {str(number) for number in range(1, 1_001)}
    assert all(location.units and location.providers for location in thousand.locations)
    assert sum(len(location.providers) for location in thousand.locations) > 2_000


def test_a_chain_is_one_organization_however_its_name_is_written(thousand: RedcapExport) -> None:
    chain = max(thousand.organizations, key=lambda organization: len(organization.locations))
    assert len(chain.locations) == 125
    assert chain.answers["legal_name"] == "Carolina Corner Pharmacy, Inc."
    assert len(thousand.organizations) > 600


def test_most_of_a_thousand_are_complete_and_what_is_missing_was_remarked_on(thousand: RedcapExport) -> None:
    remarked = {remark.row for remark in thousand.remarks}
    for location in thousand.locations:
        missing = unanswered((*LOCATION, *SECTION_B), location.answers)
        assert not missing or location.row in remarked or missing == ("iis_explanation",)
    complete = [found for found in thousand.locations if not unanswered((*LOCATION, *SECTION_B), found.answers)]
    assert 850 < len(complete) < 1_000
    assert sum(bool(unanswered(SECTION_A, found.answers)) for found in thousand.organizations) < 20


def test_whatever_is_kept_is_an_answer_that_the_forms_would_take(thousand: RedcapExport) -> None:
    for organization in thousand.organizations:
        for key, value in organization.answers.items():
            assert read_value(OF_ENROLLMENT[key], value) == (value, "")
        for location in organization.locations:
            for key, value in location.answers.items():
                text = value if isinstance(value, str) else ";".join(value)
                assert read_value(OF_LOCATION[key], text) == (value, "")


def test_a_remark_names_row_and_variable_and_quotes_nobody(thousand: RedcapExport) -> None:
    assert 150 < len(thousand.remarks) < 300
    assert [remark.row for remark in thousand.remarks] == sorted(remark.row for remark in thousand.remarks)
    for remark in thousand.remarks:
        assert remark.column in header()
        assert remark.message.endswith(".")
        assert "@" not in remark.message.replace("name@example.org", "")
        assert "Amara" not in remark.message
        assert "Smith" not in remark.message


def test_an_export_in_words_says_the_same_as_one_in_numbers() -> None:
    raw, labelled = (read_redcap(redcap_file(redcap_lines(60, odd=False, labels=labels))) for labels in (False, True))
    assert raw == labelled
    assert raw.remarks == ()
    assert raw.unknown == ("internal_notes",)


@pytest.mark.parametrize("how", [{"encoding": "utf-8-sig"}, {"encoding": "utf-16"}, {"delimiter": ";"}, {"delimiter": "\t"},
                                 {"delimiter": "|"}, {"delimiter": "^"}])  # fmt: skip
def test_an_export_is_read_in_every_encoding_and_with_every_delimiter_that_redcap_offers(how: dict[str, str]) -> None:
    lines = redcap_lines(12, odd=False)
    assert read_redcap(redcap_file(lines, **how)) == read_redcap(redcap_file(lines, encoding="cp1252"))


def test_accents_of_latin_1_arrive() -> None:
    assert only(loc_name="Clínica Peña", vc_first="Renée").answers["coordinator_first_name"] == "Renée"


def test_blank_lines_and_a_record_in_several_rows_do_no_harm() -> None:
    record = one_location()
    first = {key: value for key, value in record.items() if not key.startswith("ship_")}
    export = read({}, first, {}, instance(record, UNITS, 1, unit_brand="Helmer", unit_model="GX"), {}, record)
    (location,) = export.locations
    assert location.answers == only().answers
    assert (location.row, len(location.units), export.rows) == (3, 1, 3)


def test_rows_of_repeating_instruments_belong_to_their_record_wherever_they_stand() -> None:
    one, two = one_location(record_id="1"), one_location(record_id="2")
    export = read(
        instance(two, PROVIDERS, 1, prov_first="Bo", prov_last="Chan", prov_title="MD, FACP", prov_license="77"), one,
        instance(one, "Storage Units", 1, unit_brand="Helmer", unit_model="GX", unit_type="Ultra-low freezer"), two,
    )  # fmt: skip
    by_record = {location.record_id: location for location in export.locations}
    assert (by_record["2"].units, by_record["1"].providers) == ([], [])
    assert by_record["1"].units == [{"brand": "Helmer", "model": "GX", "kind": "ultra_low"}]
    assert [provider["title"] for provider in by_record["2"].providers] == ["MD"]
    assert [remark.message for remark in export.remarks] == ["“MD, FACP” is taken as “MD”."]


def test_a_provider_without_license_or_named_twice_and_an_empty_unit_are_left_out() -> None:
    record = one_location()
    location = only(
        instance(record, PROVIDERS, 1, prov_first="Bo", prov_last="Chan", prov_title="MD", prov_license="2019-1"),
        instance(record, PROVIDERS, 2, prov_first="Bo", prov_last="Chan", prov_title="MD", prov_license="20191"),
        instance(record, PROVIDERS, 3, prov_first="Al", prov_last="Diaz", prov_title="MD", prov_license="pending?", ),
        instance(record, PROVIDERS, 4, prov_first="Al", prov_last="Diaz", prov_title="MD", prov_license="N/A"),
        instance(record, UNITS, 1, unit_brand="unknown", unit_model="", unit_type="1"),
        instance(record, UNITS, 2, unit_brand="Helmer", unit_model="", unit_type="9"),
    )  # fmt: skip
    assert [provider["license_number"] for provider in location.providers] == ["2019-1", "pending?"]
    assert location.units == [{"brand": "Helmer"}]
    refused = [(remark.row, remark.column) for remark in location.remarks if remark.refused]
    assert refused == [(7, "unit_brand"), (4, "prov_license"), (6, "prov_license")]


def test_a_row_that_is_no_location_is_refused_and_the_others_are_taken() -> None:
    export = read(
        one_location(record_id=""),
        one_location(record_id="2", org_name=""),
        one_location(record_id="3", loc_name="N/A"),
        instance({"record_id": "4"}, UNITS, 1, unit_brand="Helmer"),
        one_location(record_id="5", **{INSTRUMENT: "survey"}),
        one_location(record_id="6"),
    )
    assert [location.record_id for location in export.locations] == ["6"]
    assert [(remark.row, remark.column) for remark in export.refused] == [
        (2, "record_id"), (6, INSTRUMENT), (3, "org_name"), (4, "loc_name"), (5, "record_id"),
    ]  # fmt: skip
    assert all(remark.refused for remark in export.refused)


def test_locations_of_one_organization_that_contradict_each_other_keep_the_first_answer() -> None:
    export = read(one_location(org_phone="919-555-0100"), one_location(record_id="2", org_phone="704-555-0100", cmo_title=""))
    (organization,) = export.organizations
    assert organization.answers["organization_phone"] == "9195550100"
    assert export.remarks == (
        Remark(3, "org_phone", "Differs from row 2 of the same organization, whose answer is kept."),
    )


def test_a_project_with_numbers_for_organizations_and_other_names_is_read_as_well() -> None:
    names = ["study_id", "oid", "org_name", "place"]
    lines = [{"study_id": str(n), "oid": "77", "org_name": f"Written {n}", "place": f"Clinic {n}"} for n in (1, 2)]
    variables = Variables(record_id="study_id", organization_id="oid", location={"place": "name"})
    export = read_redcap(redcap_file(lines, names=names), variables=variables)
    (organization,) = export.organizations
    assert [location.answers["name"] for location in organization.locations] == ["Clinic 1", "Clinic 2"]


@pytest.mark.parametrize(
    ("variable", "typed", "key", "kept"),
    [
        ("flu_peak", "Unknown", "flu_peak_week", "unknown"),
        ("flu_peak", "0", "flu_peak_week", "0"),
        ("pts_19_64", "~1,200", "patients_adults", "1200"),
        ("pts_weekly", "N/A", "patients_weekly", "not_applicable"),
        ("cap_frozen", "No capacity", "capacity_frozen", "none"),
        ("cap_frozen", "50 vials", "capacity_frozen", "50"),
        ("loc_county", "WAKE COUNTY", "county", "37183"),
        ("loc_state", "N.C.", "state", "NC"),
        ("provider_type", "Pharmacy - chain", "provider_type", "17"),
        ("iis_reports", "N/A", "iis_reporting", "not_applicable"),
        ("vc_email", "a@example.org; b@example.org", "coordinator_email", "a@example.org"),
        ("vc_email", "mailto:a@example.org", "coordinator_email", "a@example.org"),
        ("vc_phone", "(828) 555-0100 ext. 7", "coordinator_phone", "8285550100"),
        ("recv_sat_am", "8-12", "receiving_saturday_am", "08:00-12:00"),
        ("recv_mon_am", "closed", "receiving_monday_am", None),
        ("pts_65", "100-200", "patients_seniors", None),
        ("vc_last", "Unknown", "coordinator_last_name", None),
    ],
)
def test_odd_values_are_understood_or_left_empty(variable: str, typed: str, key: str, kept: str | None) -> None:
    assert only(**{variable: typed}).answers.get(key) == kept


def test_what_was_guessed_or_left_out_is_said_and_what_is_plain_is_not() -> None:
    assert said(flu_peak="Unknown", iis_explain="", ship_fax="none", loc_street2=".", provider_type="17") == []
    assert said(pts_65="~80") == [("pts_65", "“~80” is taken as “80”.")]
    assert said(vc_phone="ask Dana") == [
        ("vc_phone", "Left empty. Write the telephone number as ten digits, like 9195555555.")
    ]
    assert said(bvc_last="unknown") == [("bvc_last", "“unknown” is no answer; left empty.")]
    assert said(review_status="on hold") == [("review_status", "We do not know this decision; taken as none.")]


def test_boxes_are_the_answers_in_the_order_of_the_list_or_by_their_codes() -> None:
    boxes = {f"settings___{place}": "0" for place in range(1, 18)}
    location = only(**{**boxes, "settings___9": "1", "settings___1": "Checked", "settings___99": "1"})
    assert location.answers["settings"] == ["child_care", "pharmacy"]
    assert [remark.column for remark in location.remarks] == ["settings___99"]
    names = [*header(), "settings___shelter"]
    (coded,) = read(one_location(**{**boxes, "settings___shelter": "1"}), names=names).locations
    assert coded.answers["settings"] == ["shelter"]


def test_an_answer_that_another_makes_pointless_is_not_kept() -> None:
    answers = only(loc_state="VA", provider_type="17", provider_type_other="Zoo", clinic_street="").answers
    assert "county" not in answers
    assert "provider_type_other" not in answers
    assert answers["administration_differs"] == "no"
    assert only(clinic_differs="", clinic_street="2 Elm St").answers["administration_street"] == "2 Elm St"


@pytest.mark.parametrize(
    "typed",
    ["2020-12-05", "12/05/2020", "12/5/20", "2020-12-05 14:33", "2020-12-05T14:33:10Z", "12-05-2020 2:33 PM", "Dec 5, 2020",
     "5 December 2020", "05-Dec-20", "20201205", "44170", "44170.6"],
)  # fmt: skip
def test_a_day_is_read_in_every_form_that_means_it(typed: str) -> None:
    assert read_date(typed) == (date(2020, 12, 5), "")


@pytest.mark.parametrize("typed", ["last week", "13/25/2020", "2020", "12/2020", "00/00/0000", "99999999"])
def test_a_day_that_is_none_is_left_empty_with_a_remark(typed: str) -> None:
    day, remark = read_date(typed)
    assert day is None
    assert remark.startswith("Left empty.")
    assert read_date("N/A") == read_date("") == (None, "")


@pytest.mark.parametrize(
    ("typed", "kept"), [("3", "approved"), ("Approved", "approved"), ("Under review", "pending"), ("4", "denied"), ("", "")]
)
def test_what_the_state_decided_comes_along(typed: str, kept: str) -> None:
    location = only(review_status=typed, review_date="12/9/2020")
    assert (location.decision, location.decided_on) == (kept, date(2020, 12, 9))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "missing_columns"),
        (b'record_id,org_name,loc_name\n1,"never closed,x\n', "quotes"),
        (b"record_id,org_name,loc_name\n1,\x81\x00,x\n", "encoding"),
    ],
)
def test_a_file_that_is_no_such_export_is_refused_whole(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_redcap(data)
    assert refused.value.code == code


LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
TEXT = st.one_of(st.text(LETTERS, max_size=25), st.text("0123456789/-:.,@ xNA~+;APMam", max_size=14))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(header()), TEXT, max_size=25), st.dictionaries(st.sampled_from(header()), TEXT))
def test_whatever_stands_in_a_row_every_row_is_taken_or_told(one: dict[str, str], two: dict[str, str]) -> None:
    export = read(one_location(), one, two, encoding="utf-8")
    for location in export.locations:
        for key, value in location.answers.items():
            text = value if isinstance(value, str) else ";".join(value)
            assert read_value(OF_LOCATION[key], text)[0] == value
    for remark in export.remarks:
        assert 2 <= remark.row <= 4
        assert remark.message.endswith(".")
