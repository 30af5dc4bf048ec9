"""Mails to recipients are whole in both languages; mails to staff are English whatever their account says."""

import itertools
import re
from datetime import date
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, meta

from app.documents.mails import IN_ENGLISH_ONLY, write_mail
from scripts import messages

TEMPLATES = messages.APP / "templates"
OF_RECIPIENTS = sorted(
    path.name for path in (TEMPLATES / "emails").glob("[a-z]*.txt") if not path.name.startswith(IN_ENGLISH_ONLY)
)
ACTS = ("opened", "commented", "asked", "proposed", "merged", "closed", "link_renewed", "reminder")
FACTS = {
    "link": "http://cvms.test/x", "stop_link": "http://cvms.test/y", "forgotten_link": "http://cvms.test/z", "days": 7,
    "to_name": "Maria Lopez", "first_name": "Maria", "name": "mlopez-1", "password": "Xy", "number": "CS0000001",
    "closes_on": date(2021, 3, 10), "names": [SimpleNamespace(initial="M", name="mlopez-1")],
}  # fmt: skip
ENGLISH = re.compile(r"\b(?:the|your|you|and|is|with|for|from|this|that|not|we|have|it|sign|here|call|hello|help|day)\b")


def asked_for(name):
    """What a mail wants to know."""
    source = (TEMPLATES / "emails" / name).read_text() + (TEMPLATES / "emails" / "_foot.txt").read_text()
    environment = Environment(loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.filters["day"] = str
    return meta.find_undeclared_variables(environment.parse(source)) - {"_", "gettext", "ngettext", "language"}


def versions_of(name, settings):
    """The facts of each way in which a mail can be worded."""
    open_ones = sorted(asked_for(name) - FACTS.keys() - {"program", "act"})
    acts = ACTS if "act" in asked_for(name) else ("",)
    for act, *truths in itertools.product(acts, *([(True, False)] * len(open_ones))):
        yield {**FACTS, "program": settings, "act": act, **dict(zip(open_ones, truths, strict=True))}


@pytest.mark.once
@pytest.mark.parametrize("name", OF_RECIPIENTS)
def test_a_mail_to_a_recipient_is_spanish_from_the_subject_to_the_foot(settings, name):
    for facts in versions_of(name, settings):
        subject, text = write_mail(f"emails/{name}", facts, language="es")
        assert subject
        assert ENGLISH.findall(f"{subject}\n{text}".lower()) == [], text
        assert (subject, text) != write_mail(f"emails/{name}", facts)
        assert "línea de ayuda" in text.lower()
        assert "lunes a viernes" in text
        for link in re.findall(r"http://\S+", write_mail(f"emails/{name}", facts)[1]):
            assert link in text


@pytest.mark.once
def test_a_day_in_a_mail_is_written_as_its_reader_writes_it(settings):
    facts = {**FACTS, "program": settings, "act": "reminder", "by_reply": False}
    assert "se cierra el 10 mar 2021" in write_mail("emails/help_case.txt", facts, language="es")[1]
    assert "closes on Mar 10, 2021" in write_mail("emails/help_case.txt", facts)[1]


@pytest.mark.once
def test_a_mail_to_staff_is_english(settings):
    facts = {
        **FACTS, "program": settings, "place": "Eastside Clinic", "invitation": SimpleNamespace(sign_in_name="ann"),
    }  # fmt: skip
    english = write_mail("emails/invitation_staff.txt", facts)
    assert write_mail("emails/invitation_staff.txt", facts, language="es") == english
