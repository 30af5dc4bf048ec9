"""A location's people: the list with how far each has come, and one person's page."""

import base64
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import event, select

from app.infra import crypto
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import form_data, read_html, text_of
from tests.make.inventory import lot as make_lot
from tests.make.organizations import organization
from tests.make.vaccinations import dose, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def base(site, session, place):
    """The address of the list; a Healthcare Provider of the location is signed in."""
    site.sign_in(make.healthcare_provider(session, place))
    return f"/provider/{place.id}/recipients"


@pytest.fixture
def crowd(session, place, now):
    """Four people: new, registered, with one dose, with both."""
    stock = make_lot(session, place)
    someone(session, place, first_name="Ana", last_name="Brown")
    someone(session, place, first_name="Bo", last_name="Diaz", registered_at=now)
    once = someone(session, place, first_name="Cy", last_name="Evans", registered_at=now)
    twice = someone(session, place, first_name="Di", last_name="Fox")
    dose(session, place, once, stock)
    dose(session, place, twice, stock, given_at=now - timedelta(days=21))
    dose(session, place, twice, stock)


def names(page):
    return [link.text for link in page.select("tbody th a")]


def rows(page):
    return [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]


@pytest.mark.usefixtures("crowd")
def test_the_list_says_who_has_registered_and_who_was_vaccinated(site, base):
    assert rows(site.open(base)) == [
        "Ana Brown Apr 28, 1950 – Not complete 0",
        "Bo Diaz Apr 28, 1950 – Complete 0",
        "Cy Evans Apr 28, 1950 – Complete 1",
        "Di Fox Apr 28, 1950 – Not complete 2 (complete)",
    ]


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"registered": "yes"}, ["Bo Diaz", "Cy Evans"]),
        ({"registered": "no"}, ["Ana Brown", "Di Fox"]),
        ({"doses": "0"}, ["Ana Brown", "Bo Diaz"]),
        ({"doses": "1"}, ["Cy Evans"]),
        ({"doses": "2"}, ["Di Fox"]),
        ({"registered": "yes", "doses": "0"}, ["Bo Diaz"]),
        ({"name": "bro"}, ["Ana Brown"]),
        ({"name": "cy"}, ["Cy Evans"]),
        ({"name": "fox di"}, ["Di Fox"]),
        ({"name": "rown"}, []),
    ],
)
def test_the_list_is_narrowed_by_name_registration_and_doses(site, base, chosen, found):
    page = site.submit(site.open(base), "form[role=search]", **chosen)
    assert names(page) == found
    for name, value in chosen.items():
        control = page.select_one(f"[name={name}]")
        assert (control.select_one("[selected]") or control)["value"] == value


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("chosen", [{"name": "bro"}, {"name": "xyz"}, {"doses": "1"}, {}])
def test_the_fragment_is_the_list_of_the_page(site, base, chosen):
    page = site.submit(site.open(base), "form[role=search]", **chosen)
    typed = form_data(page.select_one("form[role=search]"))
    answer = site.htmx(base, method="POST", data=typed, target="div#people", follow_redirects=True)
    assert answer.request.method == "GET"
    fragment = answer.get_data(as_text=True)
    assert "<html" not in fragment
    shown = read_html(fragment).select_one("#people")
    assert str(shown).split() == str(page.select_one("#people")).split()


@pytest.mark.usefixtures("crowd")
def test_the_name_searched_for_stands_in_no_address_and_is_typed_again_on_the_way_back(site, base):
    page = site.submit(site.open(base), "form[role=search]", name="brown", registered="no")
    addresses = [site.url, *(tag.get("href") or tag.get("action") for tag in page.select("a, form[action]"))]
    assert not [url for url in addresses if "brown" in url.lower()]
    assert "registered=no" in site.url
    page = site.open(site.url)
    assert (names(page), page.select_one("[name=name]")["value"]) == (["Ana Brown"], "brown")


@pytest.mark.usefixtures("crowd")
def test_the_address_of_a_search_tells_a_colleague_nothing(site, session, base, place):
    site.submit(site.open(base), "form[role=search]", name="brown")
    answer = site.url
    site.sign_in(make.healthcare_provider(session, place, first_name="Omar"))
    page = site.open(answer)
    assert (len(names(page)), page.select_one("[name=name]")["value"]) == (4, "")


@pytest.mark.usefixtures("crowd")
def test_a_search_sent_from_a_page_that_was_open_too_long_is_answered_and_says_so(site, base):
    page = site.open(base)
    page.select_one("[role=search] [name=csrf_token]")["value"] = "stale"
    page = site.submit(page, "form[role=search]", expect=422, name="brown")
    assert "had been open for a long time" in text_of(page, "[data-error-summary]")
    assert names(page) == ["Ana Brown"]
    assert names(site.submit(page, "form[role=search]")) == ["Ana Brown"]


@pytest.mark.parametrize(
    "asked",
    [{"registered": "maybe"}, {"doses": "99"}, {"after": "made-up"}, {"q": "\0"}, {"q": "x" * 3000}, {"q": "é"}],
)
def test_whatever_stands_in_the_address_is_a_page(site, base, asked):
    assert "Nobody" in text_of(site.open(base, query_string=asked))


def test_a_sealed_text_made_for_something_else_opens_nothing(site, session, base):
    site.submit(site.open(base), "form[role=search]", name="brown")
    sealed = parse_qs(urlsplit(site.url).query)["q"][0]
    other = crypto.encrypt(b'["/path", 1, []]').decode()
    site.open(base, query_string={"after": sealed, "q": other})
    page = site.open(f"{base.removesuffix('recipients')}clinic/walk-in", query_string={"q": sealed})
    assert page.select_one("[name=last_name]")["value"] == ""


@pytest.mark.parametrize("typed", ["\0", "x" * 3000, "<script>", "%", "  "])
def test_whatever_is_typed_as_a_name_is_a_page(site, base, typed):
    page = site.submit(site.open(base), "form[role=search]", name=typed)
    assert "Nobody" in text_of(page)


def test_an_empty_list_says_how_people_come_into_it(site, base):
    assert "Nobody is listed here yet" in text_of(site.open(base))


def test_people_of_other_places_are_not_in_the_list_and_not_here(site, session, base):
    stranger = someone(session, make.location(session, "Westside Clinic"), first_name="Zoe")
    nowhere = someone(session, first_name="Yan")
    assert names(site.open(base)) == []
    for other in (stranger, nowhere):
        site.open(f"{base}/{other.id}", expect=404)


def test_a_persons_page_shows_details_employer_and_doses(site, session, base, place, now):
    employer = organization(session)
    maria = someone(
        session, place, phone="9195550142", email="maria@example.org", street="12 Oak St", city="Raleigh",
        state_abbr="NC", zip="27601", county_fips="37183", gender="female", races=["2106-3"], ethnicity="2186-5",
        organization_id=employer.id, registered_at=now,
    )  # fmt: skip
    dose(session, place, maria, make_lot(session, place, number="EN6201"))
    page = site.open(f"{base}/{maria.id}")
    assert page.h1.text == "Maria Lopez"
    for shown in (
        "Registered on Mar 10, 2021", "Apr 28, 1950", maria.code, "(919) 555-0142", "maria@example.org",
        "12 Oak St, Raleigh, NC, 27601", "Wake", "Female", "White", "Not Hispanic or Latino", "Harvest Foods",
        "Dose 1: Mar 10, 2021", "lot EN6201", "Eastside Clinic", "The next dose is suggested from Mar 31, 2021 on",
    ):  # fmt: skip
        assert shown in text_of(page), shown


def test_a_persons_page_with_little_on_it_says_what_is_not_given(site, session, base, place):
    page = site.open(f"{base}/{someone(session, place).id}")
    assert "Registration not complete" in text_of(page)
    assert "No dose is on record." in text_of(page)
    assert "Phone Not given" in text_of(page, ".rows")


def test_whoever_opens_a_person_is_logged(site, session, base, place):
    maria = someone(session, place)
    site.open(f"{base}/{maria.id}")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "recipient.opened")).one()
    assert (entry.subject_id, entry.place_id) == (maria.id, place.id)


def test_a_merged_record_opens_the_one_that_was_kept(site, session, base, place):
    kept, double = someone(session, place), someone(session, place, first_name="Mary")
    double.merged_into_id = kept.id
    session.commit()
    assert site.open(f"{base}/{double.id}").h1.text == "Maria Lopez"


def test_many_people_are_paged_and_ask_the_database_as_often_as_few(site, session, base, place, database):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    stock = make_lot(session, place, doses=100)
    dose(session, place, someone(session, place, first_name="A"), stock)
    asked.clear()
    site.open(base)
    few = len(asked)
    for number in range(52):
        someone(session, place, first_name=f"B{chr(97 + number // 26)}{chr(97 + number % 26)}")
    asked.clear()
    page = site.open(base)
    assert len(asked) == few <= 12
    url = page.select_one("a[rel=next]")["href"]
    assert b"lopez" not in base64.urlsafe_b64decode(parse_qs(urlsplit(url).query)["after"][0])
    following = site.open(url)
    assert (len(names(page)), len(names(following)), set(names(page)) & set(names(following))) == (50, 3, set())
