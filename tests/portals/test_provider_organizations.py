"""Organization Management: search as you type, create, review, mend with the pencil, add a contact."""

import pytest
from sqlalchemy import func, select, update

from app.domain.organizations.models import Organization, PointOfContact
from app.infra.outbox import OutboxMessage
from tests import make
from tests.browserless import read_html, text_of
from tests.make.organizations import organization, point_of_contact


@pytest.fixture
def place(session):
    return make.location(session)


@pytest.fixture
def base(site, session, place):
    """The address of Organization Management; its manager is signed in."""
    site.sign_in(make.manager(session, place))
    return f"/provider/{place.id}/organizations"


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def inner(page, selector):
    return " ".join(str(page.select_one(selector)).split())


def test_a_new_organization_is_offered_only_after_a_search(site, base):
    page = site.open(base)
    assert "New organization" not in text_of(page)
    page = site.submit(page, "form[role=search]", q="ha")
    assert "at least three letters" in text_of(page)
    assert "New organization" not in text_of(page)
    page = site.submit(page, "form[role=search]", q="har")
    assert "No organization matches “har”" in text_of(page)
    page = site.open(page.select_one('#found a[href*="/new?"]')["href"])
    assert "prioritization" in text_of(page)
    assert "Healthcare providers do not belong here" in text_of(page)
    assert page.select_one("[name=name]")["value"] == "har"


def test_results_show_name_industry_and_address(site, session, base):
    made = organization(session)
    page = site.open(f"{base}?q=har")
    assert "Harvest Foods 12 Main St, Raleigh, North Carolina 27601 · Food and agriculture" in text_of(
        page, "#found"
    )
    assert page.select_one("#found a")["href"].endswith(str(made.id))


@pytest.mark.parametrize("path", ["", "/contacts/choose"])
@pytest.mark.parametrize("typed", ["", "ha", "harv", "xyz"])
def test_the_fragment_is_the_list_of_the_page(site, session, base, path, typed):
    organization(session)
    page = site.open(f"{base}{path}?q={typed}")
    fragment = site.htmx(f"{base}{path}?q={typed}", target="div#found").get_data(as_text=True)
    assert "<html" not in fragment
    assert inner(read_html(fragment), "#found") == inner(page, "#found")


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "%00", "'; drop table organization; --", "x" * 5000]
)
def test_whatever_is_typed_into_the_search_is_only_text(site, base, typed):
    page = site.submit(site.open(base), "form[role=search]", q=typed)
    assert not page.select("main script")


def test_an_organization_is_created_and_its_record_opens(site, session, base):
    page = site.open(f"{base}/new?name=Harvest")
    page = site.submit(
        page, name="Harvest <Foods>", industry="food", street="12 Main St", city="Raleigh", state="NC", zip="27601",
        phone="(919) 555-0100",
    )  # fmt: skip
    assert page.h1.text == "Harvest <Foods>"
    text = text_of(page)
    for shown in ("Food and agriculture", "North Carolina", "27601", "United States", "919"):
        assert shown in text
    assert "Details not confirmed yet" in text
    assert session.scalar(select(Organization.phone)) == "9195550100"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Enter the name of the organization"),
        ({"industry": ""}, "Choose the industry"),
        ({"industry": "wizardry"}, "Not a valid choice"),
        ({"name": "..."}, "Enter the name of the organization"),
        ({"name": "x" * 300}, "Use 255 characters or fewer"),
        ({"zip": "2760"}, "Enter the ZIP code with five digits"),
        ({"phone": "555"}, "Enter a phone number with ten digits"),
        ({"city": "a\x07b"}, "characters that cannot be printed"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(site, session, base, typed, said):
    page = site.open(f"{base}/new")
    page = site.submit(
        page, expect=422, **({"name": "Harvest", "industry": "food", "street": "1 Elm"} | typed)
    )
    assert said in text_of(page, ".usa-form-group--error")
    assert said in text_of(page, "[data-error-summary]")
    assert page.select_one("[name=street]")["value"] == "1 Elm"
    assert count(session, Organization) == 0


def test_a_likely_duplicate_is_shown_first_and_can_be_created_anyway(site, session, base):
    first = organization(session)
    page = site.submit(
        site.open(f"{base}/new"), expect=422, name="Harvest Food", industry="food", city="Raleigh", state="NC"
    )
    assert "Is it one of these?" in text_of(page)
    assert page.select_one(f'main a[href$="{first.id}"]')
    page = site.submit(page, press="None of these: create it")
    assert page.h1.text == "Harvest Food"
    assert count(session, Organization) == 2


def test_sent_twice_it_is_created_once(site, session, base):
    page = site.open(f"{base}/new")
    for _ in range(2):
        site.submit(page, name="Harvest", industry="food")
    assert count(session, Organization) == 1


def test_the_pencil_opens_one_field_and_saves_it(site, session, base):
    made = organization(session)
    page = site.open(f"{base}/{made.id}")
    assert not page.select("main form[method=post]")
    page = site.open(page.select_one("#pencil-city a")["href"])
    assert len(page.select("main form[method=post]")) == 1
    page = site.submit(page, city="Asheville")
    assert "Asheville" in text_of(page, "#pencil-city")
    page = site.submit(site.open(f"{base}/{made.id}?edit=industry"), industry="transportation")
    assert "Transportation" in text_of(page, "#pencil-industry")
    session.expire_all()
    assert (session.get(Organization, made.id).city, session.get(Organization, made.id).version) == (
        "Asheville",
        3,
    )


@pytest.mark.parametrize("field", ["name", "industry", "street", "city", "state", "zip", "country", "phone"])
def test_every_detail_has_its_pencil_whose_fragment_is_the_page(site, session, base, field):
    made = organization(session)
    url = f"{base}/{made.id}?edit={field}"
    page = site.open(url)
    assert page.select_one(f"#pencil-{field} [name={field}]")
    fragment = read_html(site.htmx(url, target="div#details").get_data(as_text=True))
    for part in (page, fragment):
        for secret in part.select("#details [name=csrf_token], #details [name=request_key]"):
            secret.decompose()
    assert inner(fragment, "#details") == inner(page, "#details")


def test_a_stale_pencil_tells_both_values_and_a_second_save_keeps_ours(site, session, base):
    made = organization(session)
    page = site.open(f"{base}/{made.id}?edit=state")
    site.submit(site.open(f"{base}/{made.id}?edit=state"), state="VA")
    page = site.submit(page, expect=409, state="SC")
    said = text_of(page, "#pencil-state .usa-error-message")
    assert "“Virginia”" in said
    assert "“SC”" in said or "“South Carolina”" in said
    session.expire_all()
    assert session.get(Organization, made.id).state_abbr == "VA"
    page = site.submit(page, state="SC")
    assert "South Carolina" in text_of(page, "#pencil-state")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Enter the name"),
        ("city", "x" * 81, "80 characters"),
        ("zip", "abc", "five digits"),
        ("state", "ZZ", ""),
    ],
)
def test_a_pencil_refuses_what_cannot_be_kept(site, session, base, field, typed, said):
    made = organization(session)
    page = site.submit(site.open(f"{base}/{made.id}?edit={field}"), expect=422, **{field: typed})
    assert said in text_of(page, f"#pencil-{field} .usa-error-message")
    session.expire_all()
    assert session.get(Organization, made.id).version == 1


def test_a_tampered_version_is_a_conflict_and_an_unknown_pencil_is_not_there(site, session, base):
    made = organization(session)
    page = site.open(f"{base}/{made.id}?edit=city")
    page.select_one("[name=version]")["value"] = "１; drop"
    site.submit(page, expect=409, city="Apex")
    assert not site.open(f"{base}/{made.id}?edit=confirmed_at").select("main form[method=post]")
    page = site.open(f"{base}/{made.id}?edit=city")
    page.select_one("#pencil-city form")["action"] = f"{base}/{made.id}?edit=created_at"
    site.submit(page, expect=404)


def test_a_contact_is_created_for_an_organization_chosen_by_its_address(site, session, base):
    organization(session, street="1 Elm St")
    made = organization(session, street="2 Elm St")
    page = site.submit(site.open(f"{base}/contacts/choose"), "form[role=search]", q="harvest 2 elm")
    page = site.open(page.select_one(f'#found a[href*="{made.id}"]')["href"])
    assert "2 Elm St, Raleigh, North Carolina 27601" in text_of(page)
    page = site.submit(page, first_name="Jane", last_name="Doe", email="jane.doe@email.com", right_person="y")
    assert page.h1.text == "Jane Doe"
    assert "jane.doe@email.com.cvms.org" in text_of(page)
    assert "Invited" in text_of(page)
    contact = session.scalar(select(PointOfContact))
    assert contact.organization_id == made.id
    assert session.scalar(select(OutboxMessage.about_id)) == contact.invitation_id
    assert "Jane Doe jane.doe@email.com Invited" in text_of(site.open(f"{base}/{made.id}"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"right_person": ""}, "Ask the person first"),
        ({"email": ""}, "Enter the e-mail address"),
        ({"email": "jane"}, "Enter one complete e-mail address"),
        ({"first_name": "J4ne"}, "letters and without digits"),
        ({"last_name": ""}, "Enter the last name"),
        ({"phone": "12"}, "ten digits"),
        ({"email": "known@example.com"}, "has a contact with this e-mail address already"),
    ],
)
def test_a_contact_with_a_mistake_is_not_created(site, session, base, typed, said):
    made = organization(session)
    point_of_contact(session, made, "known@example.com")
    page = site.open(f"{base}/{made.id}/contacts/new")
    good = {"first_name": "Jane", "last_name": "Doe", "email": "jane@example.com", "right_person": "y"}
    page = site.submit(page, expect=422, **(good | typed))
    assert said in text_of(page, "[data-error-summary]")
    assert count(session, PointOfContact) == 1


def test_a_wrong_address_is_mended_and_the_mail_sent_again(site, session, base):
    contact = point_of_contact(session, organization(session), "jnae@example.com")
    session.execute(update(OutboxMessage).values(status="failed"))
    session.commit()
    url = f"{base}/contacts/{contact.id}"
    assert "The mail did not arrive" in text_of(site.open(url))
    page = site.submit(site.open(f"{url}?edit=email"), "#pencil-email form", email="jane@example.com")
    assert "jane@example.com.cvms.org" in text_of(page)
    assert "Invited" in text_of(page)
    page = site.submit(page, 'form[action$="/invitation"]')
    assert "on its way" in text_of(page)
    assert count(session, OutboxMessage) == 3


def test_a_stale_pencil_on_a_contact_tells_both_values(site, session, base):
    contact = point_of_contact(session, organization(session))
    url = f"{base}/contacts/{contact.id}?edit=last_name"
    page = site.open(url)
    site.submit(site.open(url), "#pencil-last_name form", last_name="Smith")
    page = site.submit(page, "#pencil-last_name form", expect=409, last_name="Jones")
    assert "“Smith”" in text_of(page)
    assert "“Jones”" in text_of(page)


def test_healthcare_providers_employers_and_other_locations_managers_see_no_management(site, session, place):
    made = organization(session)
    contact = point_of_contact(session, made)
    paths = [
        "",
        "/new",
        f"/{made.id}",
        "/contacts/choose",
        f"/{made.id}/contacts/new",
        f"/contacts/{contact.id}",
    ]
    elsewhere = make.location(session, "Westside Clinic")
    people = [
        (make.healthcare_provider(session, place), 403),
        (make.manager(session, elsewhere), 404),
        (make.contact(session, made.id), 404),
    ]
    for person, status in people:
        site.sign_in(person)
        for path in paths:
            site.open(f"/provider/{place.id}/organizations{path}", expect=status)


def test_what_does_not_exist_is_not_found(site, base):
    missing = "01a1fd72-9e20-758a-9cba-a2eef1e9ccb6"
    for path in (f"/{missing}", f"/{missing}/contacts/new", f"/contacts/{missing}"):
        site.open(f"{base}{path}", expect=404)
