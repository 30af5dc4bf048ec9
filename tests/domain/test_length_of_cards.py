"""A health card is short enough for a code that any camera reads, and says what it leaves out for that in a fixed turn."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.vaccinations.health_cards import SIMPLE_CODE, signed_card
from app.domain.vaccinations.proof_contents import ProofContents, ProvenDose
from app.domain.vaccinations.signing_keys import Issuer
from app.infra.health_cards.digits import LONGEST_IN_ONE_CODE
from app.infra.health_cards.keys import new_private_key
from app.infra.health_cards.signed import read

pytestmark = pytest.mark.once
KEY = new_private_key()
STATE = Issuer("https://vaccines.example.gov", demonstration=False)
NAMES = [
    ("Bo", "", "Li"), ("Maria", "E", "Lopez"), ("Elizabeth", "A", "Johnson"), ("Ngọc-Anh", "", "Nguyễn"),
    ("María", "G", "Hernández-Ortiz"), ("Christopher", "J", "Featherstonehaugh"), ("Shaquille", "T", "Whitfield-Jones"),
    ("Zoë", "", "O’Brien"), ("María Guadalupe", "R", "Hernandez Villa"),
]  # fmt: skip


def card(doses, first="Maria", initial="E", last="Lopez", *, chance=None, issuer=STATE):
    chance = chance or random.Random(1)
    begun = date(2020, 12, 14) + timedelta(days=chance.randrange(200))
    given = tuple(
        ProvenDose(
            number + 1, "", "", f"{chance.choice(['EW0', 'EN6', '039K20', 'FF25'])}{chance.randrange(100, 999)}",
            begun + timedelta(days=21 * number + chance.randrange(20)), "A clinic", "", "", chance.choice(["207", "208"]),
        )
        for number in range(doses)
    )  # fmt: skip
    birth_date = date(1925, 1, 1) + timedelta(days=chance.randrange(30_000))
    rids = ["".join(chance.choices("abcdefghilmnoprstuvy0123456789", k=7)) for _ in range(12)]
    now = datetime(2021, 6, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**7))
    return signed_card(ProofContents("", last, first, initial, birth_date, given), issuer, rids, KEY, now=now)


def resources(token):
    return [entry["resource"] for entry in read(token).claims["vc"]["credentialSubject"]["fhirBundle"]["entry"]]


@pytest.mark.parametrize(("first", "initial", "last"), NAMES)
def test_the_card_of_a_primary_series_has_at_most_700_signs(first, initial, last):
    chance = random.Random(f"{first} {last}")
    assert max(len(card(2, first, initial, last, chance=chance)) for _ in range(60)) <= SIMPLE_CODE == 700


def test_one_dose_keeps_its_lot_and_two_leave_lots_out_before_names():
    (patient, *one), (both, *two) = resources(card(1)), resources(card(2, "Elizabeth", "A", "Johnson"))
    assert patient["name"] == [{"given": ["Maria", "E"], "family": "Lopez"}]
    assert ["lotNumber" in dose for dose in one] == [True]
    assert both["name"] == [{"given": ["Elizabeth", "A"], "family": "Johnson"}]
    assert ["lotNumber" in dose for dose in two] == [False, False]
    assert [dose["occurrenceDateTime"] for dose in two] == sorted(dose["occurrenceDateTime"] for dose in two)


def test_of_a_long_name_the_first_and_the_last_stay_whole():
    patient, *doses = resources(card(2, "María Guadalupe", "T", "Hernández-Ortiz de Villanueva"))
    assert patient["name"] == [{"given": ["María"], "family": "Hernández-Ortiz de Villanueva"}]
    assert len(doses) == 2


def test_more_doses_make_a_longer_card_that_still_fits_one_code():
    lengths = [len(card(doses, "María", "G", "Hernández-Ortiz")) for doses in (3, 6, 20)]
    assert SIMPLE_CODE - 30 < lengths[0] < lengths[1] < 780 < lengths[2] <= LONGEST_IN_ONE_CODE
    long = resources(card(60, "María", "G", "Hernández-Ortiz"))
    assert 30 < len(long) < 60
    assert long[-1]["occurrenceDateTime"] == max(dose["occurrenceDateTime"] for dose in long[1:])
