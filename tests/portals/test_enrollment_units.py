"""Storage units with two pictures each: added, changed, taken off; what is refused, and who may look."""

import io

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.domain.accounts.models import Account
from app.domain.enrollment.models import Enrollment, StorageUnit
from tests.browserless import form_data, text_of
from tests.make import enrollment as making


@pytest.fixture
def location(session, now):
    return making.locations_of(session, making.with_section_a(session, places=2))[0]


@pytest.fixture
def coordinator(site, session, location):
    return site.sign_in(session.get_one(Account, making.coordinator_of(session, location).id))


def at(location, rest=""):
    return f"/enrollment/{location.enrollment_id}/locations/{location.id}/units{rest}"


def photograph(colour="red", size=(900, 600), **how):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **how)
    return out.getvalue()


def file(data=None, name="freezer.jpg"):
    return (io.BytesIO(photograph() if data is None else data), name)


def enrollment_of(session, location):
    return session.get_one(Enrollment, location.enrollment_id)


def submit_large(site, page, **fields):
    """The form as a browser sends it. The test client would write so much into a file that nobody closes."""
    form = page.select_one("#unit")
    values = form_data(form) | {name: FileStorage(*value) for name, value in fields.items()} | UNIT
    boundary, body = encode_multipart(values)
    kind = f"multipart/form-data; boundary={boundary}"
    return site.open(form["action"], method="POST", data=body, content_type=kind, expect=422)


UNIT = {"brand": "Helmer", "model": "GX", "kind": "freezer"}


def units(session):
    return list(session.scalars(select(StorageUnit).where(StorageUnit.removed_at.is_(None)).order_by(StorageUnit.id)))


def test_a_unit_is_added_with_two_pictures(coordinator, session, location):
    page = coordinator.open(at(location, "/new"))
    page = coordinator.submit(page, "#unit", outside=file(), inside=file(photograph("blue")), **UNIT)
    assert "Saved, with both pictures" in text_of(page)
    assert "Helmer GX" in text_of(page)
    assert "Stand-alone freezer" in text_of(page)
    (unit,) = units(session)
    assert unit.inside_key != unit.outside_key
    small = coordinator.get(page.select_one("figure img")["src"])
    assert Image.open(io.BytesIO(small.data)).size == (640, 427)


def test_a_picture_is_kept_upright_without_where_and_when_it_was_taken(coordinator, session, location):
    noted = Image.Exif()
    noted[0x0112], noted[0x010F] = 6, "Camera of Ann"
    data = photograph(size=(900, 600), exif=noted)
    coordinator.submit(coordinator.open(at(location, "/new")), "#unit", outside=file(data), inside=file(), **UNIT)
    (unit,) = units(session)
    response = coordinator.get(at(location, f"/{unit.id}/outside.jpg"))
    picture = Image.open(io.BytesIO(response.data))
    assert picture.size == (600, 900)
    assert not picture.getexif()
    assert b"Camera of Ann" not in response.data
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.mimetype == "image/jpeg"


def test_a_refused_picture_loses_neither_the_text_nor_the_other_picture(coordinator, session, location):
    page = coordinator.open(at(location, "/new"))
    page = coordinator.submit(
        page, "#unit", expect=422, outside=file(photograph("green")), inside=file(b"not a picture at all"), **UNIT
    )
    assert "This is not a picture that we can open" in text_of(page, "#inside-error")
    assert page.select_one("#brand")["value"] == "Helmer"
    assert page.select_one("#kind-1").has_attr("checked")
    assert "This picture arrived and is kept" in text_of(page, "#outside-hint")
    assert units(session) == []
    page = coordinator.submit(page, "#unit", inside=file())
    assert "Saved, with both pictures" in text_of(page)
    (unit,) = units(session)
    red, green, _ = Image.open(io.BytesIO(coordinator.get(at(location, f"/{unit.id}/outside.jpg")).data)).getpixel(
        (5, 5)
    )
    assert green > 100 > red


def test_pictures_arrive_even_when_a_text_is_missing(coordinator, location):
    page = coordinator.open(at(location, "/new"))
    page = coordinator.submit(page, "#unit", expect=422, outside=file(), inside=file(), kind="freezer", model="GX")
    assert "Enter the brand" in text_of(page, "#brand-error")
    page = coordinator.submit(page, "#unit", brand="Helmer")
    assert "Saved, with both pictures" in text_of(page)


def test_a_picture_kept_for_somebody_else_or_elsewhere_is_not_taken(coordinator, site, session, location):
    page = coordinator.open(at(location, "/new"))
    page = coordinator.submit(page, "#unit", expect=422, outside=file(), kind="freezer", model="GX")
    sealed = page.select_one("[name=outside_kept]")["value"]
    other = making.locations_of(session, enrollment_of(session, location))[1]
    site.sign_in(session.get_one(Account, making.coordinator_of(session, other).id))
    page = site.submit(site.open(at(other, "/new")), "#unit", outside_kept=sealed, **UNIT)
    assert "A picture is still missing" in text_of(page)
    assert units(session)[0].outside_key is None


@pytest.mark.parametrize(("megabytes", "named"), [(16, "16 MB"), (50, "50 MB")])
def test_a_picture_of_too_many_megabytes_is_refused_beside_its_field(coordinator, location, megabytes, named):
    page = coordinator.open(at(location, "/new"))
    data = photograph() + b"\0" * (megabytes * 1024 * 1024 - len(photograph()))
    page = submit_large(coordinator, page, outside=file(data), inside=file())
    assert f"This file has {named}; a picture may have 15 MB" in text_of(page, "#outside-error")
    assert page.select_one("#model")["value"] == "GX"


def test_a_picture_of_sixty_megapixels_is_refused_beside_its_field(coordinator, location):
    page = coordinator.open(at(location, "/new"))
    huge = photograph(size=(10_000, 6_000), quality=20)
    page = submit_large(coordinator, page, outside=file(), inside=file(huge))
    assert "60 megapixels" in text_of(page, "#inside-error")


def test_pictures_may_come_later_and_units_be_changed_and_taken_off(coordinator, session, location):
    page = coordinator.submit(coordinator.open(at(location, "/new")), "#unit", **UNIT)
    assert "A picture is still missing" in text_of(page)
    (unit,) = units(session)
    page = coordinator.open(at(location, f"/{unit.id}"))
    page = coordinator.submit(page, "#unit", model="GX 2", outside=file(), inside=file())
    assert "Helmer GX 2" in text_of(page)
    assert page.select(".usa-tag--warning") == []
    keys = {units(session)[0].outside_key, units(session)[0].inside_key}
    page = coordinator.submit(coordinator.open(at(location, f"/{unit.id}")), "#unit", model="GX 3")
    assert {units(session)[0].outside_key, units(session)[0].inside_key} == keys
    page = coordinator.submit(coordinator.open(at(location, f"/{unit.id}/remove")))
    assert "No storage unit yet" in text_of(page)


def test_only_those_who_may_see_the_application_see_its_pictures(coordinator, site, session, location):
    coordinator.submit(coordinator.open(at(location, "/new")), "#unit", outside=file(), inside=file(), **UNIT)
    (unit,) = units(session)
    url = at(location, f"/{unit.id}/outside.jpg")
    coordinator.get(url)
    assert site.anonymous().client.get(url).status_code == 303
    other = making.with_section_a(session, email="eve@second.example", legal_name="Second Clinic", first=7)
    site.sign_in(session.get_one(Account, making.boss_of(session, other).id))
    site.get(url, expect=404)
    theirs = making.locations_of(session, other)[0]
    site.get(at(theirs, f"/{unit.id}/outside.jpg"), expect=404)
    site.sign_in(session.get_one(Account, making.boss_of(session, enrollment_of(session, location)).id))
    site.get(url)
    site.open(at(location, "/new"), expect=403)
