"""The state's locations: a state has thousands, so they come page by page."""

from app.domain.providers.models import Location, ProviderOrganization
from app.infra import clock
from tests import make


def test_locations_are_paged_by_name_and_a_forged_key_begins_anew(site, session, now):
    parent = ProviderOrganization(name="Many Clinics", created_at=clock.now())
    session.add(parent)
    session.flush()
    session.add_all(
        Location(
            provider_organization_id=parent.id, name=f"Clinic {number:03}", provider_pin=f"{710000 + number}", city="Raleigh",
            county_fips="37183", zip="27601", created_at=clock.now(),
        )
        for number in range(60)
    )  # fmt: skip
    session.commit()
    page = site.sign_in(make.administrator(session)).open("/state/locations")
    names = [row.select_one("th").text for row in page.select("tbody tr")]
    page = site.open(page.select_one("a[rel=next]")["href"])
    names += [row.select_one("th").text for row in page.select("tbody tr")]
    assert names == [f"Clinic {number:03}" for number in range(60)]
    assert not page.select("a[rel=next]")
    assert len(site.open("/state/locations?after=forged").select("tbody tr")) == 50
