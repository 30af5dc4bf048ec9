"""Addresses of PostgreSQL servers, of one or of several."""

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import make_url

from app.infra.addresses import PATIENCE, for_sqlalchemy, without_password

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://cvms:p%40ss,word@db1:5433/cvms",
        "postgresql://cvms@/cvms?host=/var/run/postgresql",
        "postgresql://cvms:secret@db1,db2:5433/cvms?target_session_attrs=read-write&connect_timeout=2",
    ],
)
def test_an_address_leads_where_postgresql_itself_would_go(url):
    made = PGDialect_psycopg().create_connect_args(make_url(for_sqlalchemy(url)))[1]
    meant = {name: str(value) for name, value in (PATIENCE | conninfo_to_dict(url)).items()}
    if "," in meant.get("host", ""):
        meant["port"] = "5432,5433"
    assert {name: str(value) for name, value in made.items() if name != "context"} == meant
    plain, password = without_password(url)
    assert "secret" not in plain
    assert conninfo_to_dict(plain) | ({"password": password} if password else {}) == conninfo_to_dict(url)
