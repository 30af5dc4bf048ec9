"""The federal extract of 200,000 doses: from the press to the kept file, on both databases.

Run: python -m bench federal [people]. Built once and kept under instance/bench/. `seconds` is the slower database's
median of three; every dose is read, decrypted where it must be, checked by every rule, and written.
"""

import shutil
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

from cryptography.fernet import Fernet
from sqlalchemy import delete, func, select, update

from app.domain.accounts.access import system
from app.domain.recipients.models import Recipient
from app.domain.reporting.cvrs.make_extract import make_extract
from app.domain.reporting.cvrs.models import CvrsExtract, CvrsPart, CvrsProblem
from app.domain.vaccinations.models import Administration
from app.infra import clock, crypto
from app.infra.db import Database
from app.infra.storage import FolderStorage
from bench import servers, statewide
from tests.make.vaccinations import ZONE

ROUNDS = 3
ADDRESS = {"street": "1 Main St", "city": "Raleigh", "county_fips": "37183", "state_abbr": "NC", "zip": "27601"}


def main(count: int = 118_000) -> dict[str, float]:
    """Seconds for an extract, and how many lines it had."""
    crypto.configure((Fernet.generate_key().decode(),))
    taken: dict[str, float] = {}
    lines = 0
    with servers.postgresql(f"federal-{count}") as server:
        for database in (servers.embedded(f"federal-{count}"), server):
            kind = database.engine.dialect.name
            statewide.build(database, count)
            _complete(database)
            taken[kind], lines = _measure(database)
            print(f"{kind}: {lines:,} lines in {taken[kind]:.1f} s", flush=True)
    return {"seconds": round(max(taken.values()), 1), "lines": lines}


def _complete(database: Database) -> None:
    """What a registered person has told, health included."""
    with database.transaction() as session:
        told = {"races": ["2106-3"], "ethnicity": "2186-5", "gender": "female", "answers": {"conditions": ["asthma"]}}
        session.execute(update(Recipient).values(**ADDRESS))
        session.execute(update(Recipient).values(**told))


def _measure(database: Database) -> tuple[float, int]:
    with database.reading() as session:
        newest: datetime = session.scalars(select(func.max(Administration.recorded_at))).one()
    day: date = clock.local_date(newest, ZONE)
    seconds, lines = [], 0
    for _round in range(ROUNDS):
        folder = Path(tempfile.mkdtemp())
        began = time.perf_counter()
        made = make_extract(
            database, FolderStorage(folder), system("bench"), day, zone=ZONE, now=newest + timedelta(days=2)
        )
        seconds.append(time.perf_counter() - began)
        with database.transaction() as session:
            lines = session.get_one(CvrsExtract, made).sent
            for table in (CvrsPart, CvrsProblem, CvrsExtract):
                session.execute(delete(table))
        shutil.rmtree(folder)
    return median(seconds), lines
