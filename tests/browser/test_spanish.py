"""The registration in Spanish on a small telephone without JavaScript: one press, and every page and mail follows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import shot
from tests.browser.test_registration import PASSWORD, arrive, fill, follow_the_mail, pick, press, telephone

pytestmark = [pytest.mark.browser, pytest.mark.once]
__all__ = ["telephone"]


def width(page):
    return page.context.new_cdp_session(page).send("Page.getLayoutMetrics")["cssContentSize"]["width"]


def test_a_person_registers_in_spanish_on_a_small_telephone(telephone, running):
    page = telephone
    page.goto("/account/recipient/register?next=x")
    press(page, "Español")
    arrive(page, "Registrarse")
    assert page.url.endswith("/account/recipient/register?next=x")
    fill(page, Nombre_legal="María", Apellidos_legales="López", Mes="4", Día="28", Año="1950")
    fill(page, Su_dirección_de_correo="maria@example.net")
    press(page, "Enviarme el enlace")
    arrive(page, "Ahora, revise su correo")
    follow_the_mail(page, running, "/account/recipient/register/")
    arrive(page, "Bienvenido, María")
    fill(page, Contraseña_nueva=PASSWORD, La_misma_contraseña_otra_vez=PASSWORD)
    press(page, "Guardar la contraseña y continuar")
    page.get_by_role("link", name="Registrarme ahora").first.click()
    answer_everything(page)
    arrive(page, "Revise sus respuestas")
    press(page, "Terminar: registrarme")
    expect(page.get_by_role("main")).to_contain_text("Usted está registrado")
    walk(page)


def answer_everything(page):
    arrive(page, "Su nombre")
    page.get_by_label(re.compile("Mi fecha de nacimiento es 28 abr 1950")).check(force=True)
    press(page, "Siguiente")
    arrive(page, "Cómo comunicarnos con usted")
    pick(page, "¿Cómo prefiere que nos comuniquemos con usted?", "Correo electrónico")
    pick(page, "¿Qué idioma prefiere?", "Español")
    press(page, "Siguiente")
    arrive(page, "Su dirección")
    fill(page, Calle="12 Oak St", Ciudad="Raleigh", Código_postal="27601")
    page.get_by_label("Estado").select_option(label="North Carolina")
    page.get_by_label("Condado").select_option(label="Wake")
    pick(page, "¿Vive o trabaja en Carolina del Norte?", "Sí")
    press(page, "Siguiente")
    arrive(page, "Sobre usted")
    for box in page.get_by_label("Prefiero no decirlo", exact=True).all():
        box.check(force=True)
    press(page, "Siguiente")
    arrive(page, "Su trabajo o escuela")
    page.get_by_label(re.compile("¿Qué tipo de trabajo")).select_option(label="Otro")
    pick(page, "¿Debe estar en persona en su lugar de trabajo?", "No trabajo en este momento")
    pick(page, "¿Cuida a personas que pueden tener COVID-19, o trabaja cerca de ellas?", "No")
    pick(page, "¿Alguna de estas opciones describe su trabajo?", "Prefiero no decirlo")
    pick(page, "¿Es usted estudiante?", "No")
    press(page, "Siguiente")
    arrive(page, "Dónde vive")
    pick(page, "¿Vive en uno de estos lugares?", "Prefiero no decirlo")
    press(page, "Siguiente")
    arrive(page, "Su salud")
    page.get_by_label("Prefiero no decirlo", exact=True).first.check(force=True)
    press(page, "Siguiente")
    arrive(page, "Su consentimiento")
    page.get_by_label(re.compile("Mis respuestas son verdaderas")).check(force=True)
    page.get_by_label(re.compile("Acepto que mis respuestas se compartan")).check(force=True)
    press(page, "Siguiente")


def walk(page):
    """The pages around the record are no wider than the telephone either."""
    record = page.url
    for number, path in enumerate(
        ("", "/proof", "/reminders", "/access", "/something-is-wrong", "/family", "/family/add", "/", "/terms", "/help/recipient",
         "/help/recipient/request", "/account/", "/account/sign-in/recipient", "/privacy")
    ):  # fmt: skip
        page.goto(path if path.startswith(("/help", "/account", "/privacy", "/terms")) or path == "/" else record + path)
        shot(page, f"spanish-320-{number:02d}")
        assert width(page) <= 320, f"{page.url} is {width(page)} pixels wide"
        assert page.locator("html").get_attribute("lang") == "es"
