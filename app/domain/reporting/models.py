"""Counters of doses and people, what each person adds to them, and who has to be counted anew; populations.

Counters belong to a generation. The one that is shown follows every change; another is built beside it when everybody
has to be counted anew, and takes its place when it is complete.

Who has to be counted anew is noted by triggers, in the transaction that changed something: no use case, upload or
repair by hand can forget it. The notes are rows without a key of their own meaning, so that nobody waits for anybody.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import ddl
from app.infra.db import Base, new_id


class FigureState(Base):
    """How far the counting is; one row. `shown`: the generation to read, `building`: the one that is being made.

    `through` is the last record that was counted for it, `rules` a digest of the products' rules that it goes by.
    `as_of`: what was recorded up to then is in the figures shown.
    """

    __tablename__ = "figure_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shown: Mapped[int] = mapped_column(default=0)
    building: Mapped[int | None]
    through: Mapped[UUID | None]
    rules: Mapped[str] = mapped_column(String(64), default="")
    began_at: Mapped[datetime | None]
    as_of: Mapped[datetime | None]


class FigureDue(Base):
    """Somebody of whom something that is counted was changed; read and taken away by the job. May stand there twice."""

    __tablename__ = "figure_due"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    recipient_id: Mapped[UUID]


class FigurePerson(Base):
    """What a person adds to the counters of a generation, as text of `contribution`. Records merged add nothing."""

    __tablename__ = "figure_person"

    recipient_id: Mapped[UUID] = mapped_column(primary_key=True)
    generation: Mapped[int]
    adds: Mapped[str] = mapped_column(Text)


class DoseTally(Base):
    """Doses given by the program's locations to people of a county (`tables.STATE`: to all) on a local day."""

    __tablename__ = "figure_doses"

    generation: Mapped[int] = mapped_column(primary_key=True)
    county_fips: Mapped[str] = mapped_column(String(5), primary_key=True)
    given_on: Mapped[date] = mapped_column(primary_key=True)
    product_code: Mapped[str] = mapped_column(String(30), primary_key=True)
    dose_number: Mapped[int] = mapped_column(primary_key=True)
    doses: Mapped[int]


class PeopleTally(Base):
    """People of a county (or of all the state) and a group. `dimension` "all" has one group, "all".

    `on_record` and `registered` are counted there only. `at_least_one` and `complete`: by doses wherever they were given.
    """

    __tablename__ = "figure_people"

    generation: Mapped[int] = mapped_column(primary_key=True)
    county_fips: Mapped[str] = mapped_column(String(5), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(12), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    on_record: Mapped[int] = mapped_column(default=0)
    registered: Mapped[int] = mapped_column(default=0)
    at_least_one: Mapped[int] = mapped_column(default=0)
    complete: Mapped[int] = mapped_column(default=0)


class LagTally(Base):
    """Doses that a location gave in a week (its Monday) and entered within `within_hours` (see `contribution.WITHIN`)."""

    __tablename__ = "figure_lag"

    generation: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    location_id: Mapped[UUID] = mapped_column(primary_key=True)
    within_hours: Mapped[int] = mapped_column(primary_key=True)
    doses: Mapped[int]


class PopulationSet(Base):
    """A table of populations that the state brought in; the latest one holds. `source` is what it says of itself."""

    __tablename__ = "population_set"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source: Mapped[str] = mapped_column(String(200))
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[UUID | None]


class Population(Base):
    """People who live in a county (or in the state), by group; `hidden`: the public never sees figures of it."""

    __tablename__ = "population"
    __table_args__ = (Index(None, "set_id", "county_fips", "dimension", "group_code", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    set_id: Mapped[UUID] = mapped_column(ForeignKey("population_set.id"))
    county_fips: Mapped[str] = mapped_column(String(5))
    dimension: Mapped[str] = mapped_column(String(12))
    group_code: Mapped[str] = mapped_column(String(20))
    people: Mapped[int]
    hidden: Mapped[bool] = mapped_column(default=False)


_OF_DOSES = ("recipient_id", "product_id", "status", "given_on", "given_at", "recorded_at", "source", "location_id")
_OF_PEOPLE = ("merged_into_id", "county_fips", "birth_date", "gender", "races", "ethnicity", "registered_at")
_NOTE = "INSERT INTO figure_due (recipient_id) VALUES"


def _differs(names: tuple[str, ...], unlike: str) -> str:
    """A condition of triggers. JSON is compared as text: PostgreSQL cannot compare it otherwise."""
    cast = {"races": "CAST({}.races AS text)"}
    pairs = ((cast.get(name, "{}." + name).format(row) for row in ("OLD", "NEW")) for name in names)
    return " OR ".join(f"{old} {unlike} {new}" for old, new in pairs)


def _sqlite_triggers() -> list[str]:
    changed = {"administration": _OF_DOSES, "recipient": _OF_PEOPLE}
    also = {
        "administration": f"{_NOTE} (OLD.recipient_id); {_NOTE} (NEW.recipient_id);",
        "recipient": f"{_NOTE} (NEW.id); INSERT INTO figure_due (recipient_id) SELECT OLD.merged_into_id "
        "WHERE OLD.merged_into_id IS NOT NULL;",
    }
    key = {"administration": "recipient_id", "recipient": "id"}
    made = []
    for table, names in changed.items():
        made += [
            f"CREATE TRIGGER IF NOT EXISTS figures_{table}_insert AFTER INSERT ON {table} "
            f"BEGIN {_NOTE} (NEW.{key[table]}); END",
            f"CREATE TRIGGER IF NOT EXISTS figures_{table}_update AFTER UPDATE OF {', '.join(names)} ON {table} "
            f"WHEN {_differs(names, 'IS NOT')} BEGIN {also[table]} END",
            f"CREATE TRIGGER IF NOT EXISTS figures_{table}_delete AFTER DELETE ON {table} "
            f"BEGIN {_NOTE} (OLD.{key[table]}); END",
        ]
    return made


def _postgresql_triggers() -> list[str]:
    made = [
        "CREATE OR REPLACE FUNCTION figures_administration() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'INSERT' THEN {_NOTE} (OLD.recipient_id); END IF; "
        f"IF TG_OP <> 'DELETE' THEN {_NOTE} (NEW.recipient_id); END IF; RETURN NULL; END $$",
        "CREATE OR REPLACE FUNCTION figures_recipient() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN {_NOTE} (OLD.id); RETURN NULL; END IF; {_NOTE} (NEW.id); "
        f"IF TG_OP = 'UPDATE' AND OLD.merged_into_id IS NOT NULL THEN {_NOTE} (OLD.merged_into_id); END IF; "
        "RETURN NULL; END $$",
    ]
    for table, names in (("administration", _OF_DOSES), ("recipient", _OF_PEOPLE)):
        run = f"FOR EACH ROW {{}} EXECUTE FUNCTION figures_{table}()"
        differs = _differs(names, "IS DISTINCT FROM")
        made += [
            f"DROP TRIGGER IF EXISTS figures_{table} ON {table}",
            f"DROP TRIGGER IF EXISTS figures_{table}_update ON {table}",
            f"CREATE TRIGGER figures_{table} AFTER INSERT OR DELETE ON {table} {run.format('')}",
            f"CREATE TRIGGER figures_{table}_update AFTER UPDATE OF {', '.join(names)} ON {table} "
            + run.format(f"WHEN ({differs})"),
        ]
    return made


# Registered beside the table of the notes: at a revision without it the triggers would have nowhere to write.
ddl.extra("sqlite", FigureDue.__tablename__, *_sqlite_triggers())
ddl.extra("postgresql", FigureDue.__tablename__, *_postgresql_triggers())
