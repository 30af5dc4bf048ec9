"""The counters say what counting everybody by hand says, whatever was done to records and doses."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app.domain.accounts.access import system
from app.domain.errors import Refusal
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.program.models import Product
from app.domain.program.products import product_by_code
from app.domain.recipients.closing.close_record import CloseRecord, close_record
from app.domain.recipients.merging.merge_people import MergePeople, lay_beside, merge_people
from app.domain.recipients.merging.separate import SeparateRecords, separate_records
from app.domain.recipients.models import Recipient
from app.domain.reporting.models import DoseTally, FigureDue, FigurePerson, FigureState
from app.domain.reporting.refresh import count_everybody_anew, refresh
from app.domain.vaccinations.correct_dose import CorrectDose, correct_dose
from app.domain.vaccinations.doses import version_of
from app.domain.vaccinations.enter_outside_dose import EnterOutsideDose, enter_outside_dose
from app.domain.vaccinations.find_for_visit import describe
from app.domain.vaccinations.models import Administration
from app.domain.vaccinations.move_dose import MoveDose, move_dose
from app.domain.vaccinations.remove_dose import RemoveDose, remove_dose
from app.infra.clock import local_date
from tests import make
from tests.domain.reporting.slowly import as_kept, count_slowly
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, nurse_at, someone

COUNTIES = ("37183", "37177", "37119", "", "51001")
STATE = system("test")


class Acts:
    """What people do in a program, by chance, but always the same."""

    def __init__(self, session, now, seed):
        self.session, self.now, self.chance = session, now, random.Random(seed)
        self.place = make.location(session)
        self.nurse = nurse_at(self.place.id)
        self.lots = [
            make_lot(session, self.place, product=code, doses=400) for code in ("pfizer", "janssen", "moderna-10")
        ]
        self.merges = []
        for number in range(12):
            self.arrive(number)

    def arrive(self, number=99):
        someone(
            self.session, self.place, first_name=f"Person{number}", birth_date=date(1935 + number * 6 % 80, 3, number % 27 + 1),
            county_fips=self.chance.choice(COUNTIES), gender=self.one_of(GENDERS), ethnicity=self.one_of(ETHNICITIES),
            races=sorted({self.one_of(RACES) for _ in range(self.chance.choice((1, 1, 2)))}),
            registered_at=self.chance.choice((None, self.now)),
        )  # fmt: skip

    def one_of(self, choices):
        return self.chance.choice(choices.entries).code

    def person(self):
        kept = select(Recipient).where(Recipient.merged_into_id.is_(None)).order_by(Recipient.id)
        return self.chance.choice(self.session.scalars(kept).all())

    def given(self, *conditions):
        query = (
            select(Administration).where(Administration.status == "completed", *conditions).order_by(Administration.id)
        )
        return self.chance.choice(self.session.scalars(query).all() or [None])

    def give(self):
        days = self.chance.randrange(1, 80)
        dose(
            self.session, self.place, self.person(), self.chance.choice(self.lots),
            given_at=self.now - timedelta(days=days, hours=self.chance.randrange(3)),
        )  # fmt: skip

    def correct(self):
        found = self.given(Administration.source == "")
        if found:
            moved = found.given_at - timedelta(days=self.chance.randrange(5))
            command = CorrectDose(
                found.location_id, found.id, version_of(self.session, found), "Typed wrongly",
                self.chance.choice(self.lots).id, "RD", moved, "Ann Lee", "RN",
            )  # fmt: skip
            correct_dose(self.session, self.nurse, command, now=self.now, zone=ZONE)

    def remove(self):
        found = self.given()
        if found:
            command = RemoveDose(found.location_id, found.id, version_of(self.session, found), "Never given")
            remove_dose(self.session, self.nurse, command, now=self.now)

    def move(self):
        found, to = self.given(), self.person()
        if found and found.recipient_id != to.id:
            (told,) = describe(self.session, self.nurse, self.place.id, [to], now=self.now)
            version = version_of(self.session, found)
            command = MoveDose(found.location_id, found.id, version, "Twins", told.ticket)
            move_dose(self.session, self.nurse, command, now=self.now)

    def tell_of_elsewhere(self):
        command = EnterOutsideDose(
            self.place.id, self.person().id, product_by_code(self.session, "pfizer").id,
            local_date(self.now, ZONE) - timedelta(days=self.chance.randrange(90)), "card", "Virginia", "Card seen",
        )  # fmt: skip
        enter_outside_dose(self.session, self.nurse, command, now=self.now, zone=ZONE)

    def merge(self):
        one, other = self.person(), self.person()
        if one.id != other.id:
            beside = lay_beside(self.session, STATE, one.id, other.id)
            command = MergePeople(
                beside.kept.id, beside.other.id, (beside.kept.version, beside.other.version),
                {name: self.chance.choice(("kept", "other")) for name in beside.asked}, died=True if beside.one_died else None,
            )  # fmt: skip
            made = merge_people(self.session, STATE, command, today=local_date(self.now, ZONE), now=self.now)
            self.merges.append(made.id)

    def separate(self):
        if self.merges:
            command = SeparateRecords(self.merges.pop(), "Two people")
            separate_records(self.session, STATE, command, today=local_date(self.now, ZONE), now=self.now)

    def change_person(self):
        person = self.person()
        person.county_fips, person.gender = self.chance.choice(COUNTIES), self.one_of(GENDERS)
        person.ethnicity, person.races = self.one_of(ETHNICITIES), [self.one_of(RACES)]
        person.birth_date += timedelta(days=self.chance.randrange(-900, 0))
        person.version += 1

    def die(self):
        command = CloseRecord(self.person().id, local_date(self.now, ZONE))
        close_record(self.session, STATE, command, now=self.now, today=local_date(self.now, ZONE))

    def act(self):
        often = [self.give] * 5 + [self.change_person, self.merge, self.separate] * 2
        return self.attempt(
            self.chance.choice([*often, self.correct, self.remove, self.move, self.tell_of_elsewhere, self.die])
        )

    def attempt(self, what):
        try:
            what()
        except Refusal:
            self.session.rollback()
            return f"refused to {what.__name__}"
        self.session.commit()
        return what.__name__


@pytest.mark.parametrize("seed", [7, 2021])
def test_the_counters_are_what_counting_by_hand_says_whatever_was_done(session, database, now, seed):
    acts, done = Acts(session, now, seed), []
    refresh(database, now=now)
    for number in range(60):
        done.append(acts.act())
        if number % 20 == 19:
            refresh(database, now=now, portion=4)
            assert as_kept(session) == count_slowly(session), done
    assert {"merge", "separate", "move", "remove", "correct", "give"} <= set(done)
    assert session.scalar(select(func.count()).select_from(FigureDue)) == 0


def test_a_worker_that_is_killed_between_portions_leaves_nothing_wrong(session, database, now):
    acts = Acts(session, now, 3)
    for _ in range(12):
        acts.attempt(acts.give)
    assert refresh(database, now=now, portion=5, at_most=2).more
    session.rollback()
    assert session.get(FigureState, 1).as_of is None
    acts.change_person()
    session.commit()
    assert not refresh(database, now=now, portion=5).more
    assert as_kept(session) == count_slowly(session)
    assert session.get(FigureState, 1).as_of == now


def test_changed_rules_count_everybody_anew_and_meanwhile_nothing_moves(session, database, now):
    acts = Acts(session, now, 5)
    for _ in range(15):
        acts.attempt(acts.give)
    refresh(database, now=now)
    before = as_kept(session)
    session.execute(update(Product).where(Product.code == "pfizer").values(doses_in_series=1, changes=[]))
    session.commit()
    later = now + timedelta(minutes=5)
    assert refresh(database, now=later, portion=5, at_most=1).more
    assert as_kept(session) == before
    assert session.get(FigureState, 1).as_of == now
    session.rollback()
    refresh(database, now=later, portion=5)
    after = as_kept(session)
    assert after == count_slowly(session)
    assert after[1] != before[1]
    assert session.scalars(select(DoseTally.generation).distinct()).all() == [2]


def test_a_rebuild_mends_counters_that_somebody_spoiled(session, database, now):
    acts = Acts(session, now, 6)
    for _ in range(5):
        acts.attempt(acts.give)
    refresh(database, now=now)
    session.execute(update(DoseTally).values(doses=DoseTally.doses + 7))
    session.execute(update(FigurePerson).values(adds="|||||r|"))
    session.commit()
    with database.transaction() as writing:
        count_everybody_anew(writing, now=now)
    refresh(database, now=now)
    assert as_kept(session) == count_slowly(session)
