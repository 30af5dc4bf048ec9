"""What people do in the Enrollment Portal, page by page."""

import io

from app.domain.enrollment.fields import fields_of
from app.jobs.demo.enrollments import draw_unit
from tests.make import enrollment as making

PASSWORD = "Enroll-in-2021"


def answers_of(section, answers, step):
    return {field.key: answers[field.key] for field in fields_of(section, step) if field.key in answers}


def sign(site, enrollment, document, name):
    page = site.open(f"/enrollment/{enrollment.id}/agreements/{document}")
    return site.submit(page, "#sign", typed_name=name, agreed="y")


def fill_section_a(ann, base):
    page = ann.open(f"{base}/section-a")
    page = ann.open(f"{base}/section-a/organization")
    for step in ("organization", "administrator", "redistribution", "cmo", "ceo"):
        page = ann.submit(page, press="Next", **answers_of("a", making.section_a(), step))
    ann.submit(ann.open(f"{base}/locations/new"), press="Save", **making.place())
    ann.submit(ann.open(f"{base}/section-a"), "#complete")


def fill_section_b(vera, place):
    base = f"/enrollment/{place.enrollment_id}/locations/{place.id}"
    page = vera.open(f"{base}/section-b")
    for step in ("location_details", "backup", "shipping", "hours", "patients", "storage", "manager"):
        page = vera.submit(page, "#step-form", press="Next", **answers_of("b", making.section_b(), step))
    pictures = {side: (io.BytesIO(draw_unit(side)), f"{side}.jpg") for side in ("inside", "outside")}
    vera.submit(vera.open(f"{base}/units/new"), brand="Helmer", model="GX", kind="freezer", **pictures)
    page = vera.open(f"{base}/providers/new")
    vera.submit(page, first_name="Nora", last_name="Nolan", title="NP", license_number="NP-5")
    return vera.submit(vera.open(f"{base}/section-b/review"), "#complete")
