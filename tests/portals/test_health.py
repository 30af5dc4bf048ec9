"""What machines that watch over an installation are told, and that none of it is about anybody."""

import dataclasses
import io
import json
import logging
import shutil
from contextlib import redirect_stderr

import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families

from app import factory
from app.infra import job_log, log, queue, slow_queries
from app.infra.db import Database
from app.web.context import Machines
from tests import make
from tests.browserless import Site, text_of
from tests.make.inventory import lot as make_lot

TOKEN = "a token of at least 24 signs"
WALTER = {
    "first_name": "Waltheof", "last_name": "Ingramson", "zip": "27601", "county_fips": "37183", "gender": "male",
    "races": "2106-3", "ethnicity": "2186-5", "birth_date-month": "5", "birth_date-day": "2", "birth_date-year": "1948",
    "phone": "(919) 555-0199", "email": "waltheof@example.org",
}  # fmt: skip


@pytest.fixture
def installed(machines):
    """A real installation on these parts: its site's parts, with metrics and with every query logged as slow."""
    settings = dataclasses.replace(machines.settings, testing=False, metrics_token=TOKEN, trusted_proxies=1)
    database = Database(machines.database.url)
    slow_queries.watch(database.engine, 0.000001)
    yield Machines(settings, database, machines.storage, machines.queue)
    database.dispose()


@pytest.fixture
def real(installed, session):
    return Site(factory.create_app(machines=installed), session)


@pytest.fixture
def logged(machines):
    before, written = structlog.get_config(), io.StringIO()
    with redirect_stderr(written):
        log.configure(readable=False)
    yield written
    structlog.configure(**before)
    log.configure(readable=True)


def measured(site, name):
    answer = site.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        tuple(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for sample in family.samples
        if sample.name == name
    }


def test_no_line_of_the_log_and_no_figure_is_about_anybody(real, session, logged, now):
    place = make.location(session)
    nurse = make.healthcare_provider(session, place)
    make_lot(session, place)
    signed_in = Site(real.app, session).sign_in(nurse)
    page = signed_in.submit(signed_in.open(f"/provider/{place.id}/clinic/walk-in"), "#walk-in", **WALTER)
    page = signed_in.submit(page, "#dose", rest_is_no="y", fact_sheet_given="y")
    assert "Waltheof" in text_of(page)
    asked = {
        "first_name": "Rosalinda", "last_name": "Quartermaine", "email": "rosalinda@example.org", "request_type": "proof",
        "description": "My proof says Thimbleby.", "county": "Wake",
    }  # fmt: skip
    real.submit(real.open("/help/recipient/request"), **asked)
    real.submit(real.open("/proof"), expect=404, code="WXYZ-2345-" * 3 + "WX")
    real.submit(real.open("/account/sign-in/recipient"), expect=422, name="thimbleby", password="swordfish-7")
    logging.getLogger("somebody.else").error("could not read %s", "Quartermaine")

    said = logged.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    typed = [*(WALTER | asked).values(), "WXYZ2345", "WXYZ-2345", "thimbleby", "swordfish", str(place.id), str(nurse.id), nurse.email]
    plain = {"male", "proof", "Wake", "5", "2", "37183", "27601", "1948", "2106-3", "2186-5"}
    assert [word for word in {*typed, "Thimbleby", "Walth"} - plain if word.lower() in said.lower()] == []
    ended = [line for line in lines if line["event"] == "request.ended"]
    walk_in = "/provider/<uuid:location_id>/clinic/walk-in"
    assert {line["route"] for line in ended} >= {walk_in, "/help/<audience>/request", "/proof/<code>"}
    slow = [line for line in lines if line["event"] == "query.slow"]
    assert any("INSERT INTO recipient" in line["statement"] and line["route"].endswith("/walk-in") for line in slow)
    assert all(line["request_id"] for line in [*ended, *slow])
    assert [line["template"] for line in lines if line["event"] == "library.said"] == ["could not read %s"]

    told = real.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).get_data(as_text=True)
    assert f'route="{walk_in}"' in told
    assert [word for word in {*typed, "Thimbleby"} - plain if word.lower() in told.lower()] == []


def test_an_answer_and_its_lines_carry_the_id_that_the_trusted_proxy_gave_or_a_new_one(real, site, logged):
    given = "0123456789abcdef"
    for told, kept in ((given, True), ("Maria Lopez", False), ("x" * 300, False)):
        answer = real.client.get("/privacy", headers={"X-Request-Id": told})
        assert (answer.headers["X-Request-Id"] == told) is kept
        assert json.loads(logged.getvalue().splitlines()[-1])["request_id"] == answer.headers["X-Request-Id"]
    assert site.client.get("/privacy", headers={"X-Request-Id": given}).headers["X-Request-Id"] != given


def test_figures_are_for_those_who_know_the_token(real, site, database, now):
    for answer in (
        site.client.get("/metrics", headers={"Authorization": "Bearer "}),
        site.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}),
        real.client.get("/metrics"),
        real.client.get("/metrics", headers={"Authorization": "Bearer wrong"}),
    ):
        assert answer.status_code == 404
    before = measured(real, "cvms_requests_total")
    key = (("method", "GET"), ("route", "/privacy"), ("status", "200"))
    real.open("/privacy")
    real.client.open("/nowhere/at/all", method="BREW")
    after = measured(real, "cvms_requests_total")
    assert after[key] == before.get(key, 0) + 1
    assert (("method", "other"), ("route", "(none)"), ("status", "404")) in after
    queue.beat(database, "one", now=now)
    with pytest.raises(ZeroDivisionError):
        job_log.watched(database, "mail", lambda: 1 / 0)()
    assert measured(real, "cvms_job_failures")[(("job", "mail"),)] == 1
    assert 0 <= measured(real, "cvms_worker_silent_seconds")[()] < 30
    assert measured(real, "cvms_mails")[(("standing", "failed"),)] == 0


def test_visitors_are_sent_only_where_everything_is_there(real, installed, database, now):
    def ready(status=200):
        answer = real.client.get("/readyz")
        assert answer.status_code == status
        assert ("Retry-After" in answer.headers) is (status == 503)
        return answer.json["checks"]

    assert ready() == {"database": "ok", "migrations": "ok", "storage": "ok", "worker": "silent"}
    queue.beat(database, "one", now=now)
    assert ready()["worker"] == "ok"
    folder = installed.settings.storage_dir
    shutil.rmtree(folder)
    folder.write_bytes(b"in the way")
    assert ready(503)["storage"] == "failed"
    folder.unlink()
    for revision, status in (("0001", 503), ("9999", 200)):
        with database.transaction() as session:
            kept = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
            session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
        ready(status)
        with database.transaction() as session:
            session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{kept}'")


def test_a_node_without_its_database_is_not_ready_and_says_so(real, installed):
    lost = Database("postgresql://nobody@/nothing?host=/nowhere")
    real.app.extensions["cvms"] = dataclasses.replace(installed, database=lost)
    answer = real.client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["database"]) == (503, "failed")
    lost.dispose()
