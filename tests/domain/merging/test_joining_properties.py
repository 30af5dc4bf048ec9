"""Whatever was joined how, separating brings everything back, except for what happened since."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from app.domain.accounts.models import Account, Grant
from app.domain.recipients.closing.close_record import CloseRecord, close_record
from app.domain.recipients.closing.models import RecordClosure
from app.domain.recipients.finding.models import NameWord
from app.domain.recipients.finding.name_words import keep_name_words
from app.domain.recipients.merging.errors import SamePerson, UndoLaterFirst
from app.domain.recipients.merging.fields import write
from app.domain.recipients.merging.merge_people import MergePeople, lay_beside, merge_people
from app.domain.recipients.merging.separate import SeparateRecords, separate_records
from app.domain.recipients.models import Listing, Recipient
from app.domain.vaccinations.doubled_doses import doubled_doses, mark_doubled
from app.domain.vaccinations.models import Administration
from app.infra import clock
from tests import make
from tests.make.inventory import lot
from tests.make.merging import STAFF
from tests.make.providers import location
from tests.make.vaccinations import dose, someone

TODAY = date(2021, 3, 10)
SOME = 3
DAYS = [datetime(2021, 2, day, 15, tzinfo=UTC) for day in (1, 5)]
people = st.fixed_dictionaries({
    "first_name": st.sampled_from(["Maria", "Ana Maria", "Mary"]),
    "last_name": st.sampled_from(["Lopez", "Garcia-Lopez"]),
    "birth_date": st.sampled_from([date(1950, 4, 28), date(1950, 4, 29)]),
    "email": st.sampled_from([None, "maria@example.org", "other@example.org"]),
    "phone": st.sampled_from(["", "9195550142", "9195550143"]),
    "street": st.sampled_from(["", "1 Main Street"]), "zip": st.sampled_from(["", "27601", "28801"]),
    "races": st.sampled_from([[], ["white"], ["asian", "white"]]), "language": st.sampled_from(["en", "es"]),
    "answers": st.sampled_from([None, {"living": "own"}, {"living": "shelter"}]),
    "registered": st.booleans(), "account": st.booleans(), "clinic": st.sampled_from([None, 0, 1]),
    "doses": st.lists(st.sampled_from(DAYS), max_size=2, unique=True), "died": st.booleans(),
})  # fmt: skip
steps = st.lists(
    st.fixed_dictionaries({
        "pair": st.permutations(range(SOME)), "choices": st.lists(st.sampled_from(["kept", "other"]), min_size=16, max_size=16),
        "died": st.booleans(), "doubled": st.booleans(), "since": st.sampled_from(["", "phone", "name", "dose"]),
    }),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(people, min_size=SOME, max_size=SOME), steps, st.randoms(use_true_random=False))
def test_what_was_joined_is_separated_exactly(session, now, told, acts, chance):
    clinics = [location(session, "Eastside"), location(session, "Westside")]
    stock = lot(session, clinics[0], doses=50)
    records = [_person(session, clinics, stock, one) for one in told]
    before, merges, since = _seen(session, records), [], {}
    for act in acts:
        kept, other = (records[place] for place in act["pair"][:2])
        merge = _join(session, kept, other, act)
        if merge is not None:
            merges.append(merge)
            _go_on(session, kept, act["since"], clinics[0], stock, since)
    chance.shuffle(merges)
    while merges:
        merges = [merge for merge in merges if not _separate(session, merge)]
    session.expire_all()
    assert _but(_seen(session, records), since) == _but(before, since)
    for (record_id, name), value in since.items():
        if name.startswith("dose"):
            assert session.get_one(Administration, value).recipient_id == record_id
        else:
            assert getattr(session.get_one(Recipient, record_id), name) == value


def _person(session, clinics, stock, told):
    plain = {name: told[name] for name in ("email", "phone", "street", "zip", "races", "language", "answers")}
    at = clinics[told["clinic"]] if told["clinic"] is not None else None
    made = someone(
        session, at, first_name=told["first_name"], last_name=told["last_name"], birth_date=told["birth_date"],
        registered_at=clock.now() if told["registered"] else None, **plain,
    )  # fmt: skip
    keep_name_words(session, made)
    if told["account"]:
        make.person(session, made.id)
    for day in sorted(told["doses"]):
        dose(session, clinics[0], made, stock, given_at=day)
    if told["died"]:
        close_record(session, STAFF, CloseRecord(made.id, TODAY), now=clock.now(), today=TODAY)
    session.commit()
    return made


def _join(session, kept, other, act):
    session.expire_all()
    try:
        beside = lay_beside(session, STAFF, kept.id, other.id)
    except SamePerson:
        return None
    if {beside.kept.id, beside.other.id} != {kept.id, other.id}:
        return None
    names = [choice.name for choice in beside.choices]
    command = MergePeople(
        kept.id, other.id, (kept.version, other.version), chosen=dict(zip(names, act["choices"], strict=False)),
        account=act["choices"][15], died=act["died"],
    )  # fmt: skip
    doubled = doubled_doses(session, STAFF, kept.id, other.id) if act["doubled"] else []
    merge = merge_people(session, STAFF, command, today=TODAY, now=clock.now())
    mark_doubled(session, STAFF, merge.id, [(pair.one.id, pair.other.id) for pair in doubled], now=clock.now())
    session.commit()
    assert other.merged_into_id == kept.id
    return merge


def _go_on(session, kept, what, clinic, stock, since):
    if what == "phone":
        number = f"91955501{len(since):02}"
        write(session, kept, {"phone": number})
        since[kept.id, "phone"] = number
    elif what == "name":
        write(session, kept, {"middle_name": f"Since {len(since)}"})
        since[kept.id, "middle_name"] = f"Since {len(since)}"
    elif what == "dose":
        given = dose(session, clinic, kept, stock, given_at=clock.now() - timedelta(hours=1))
        since[kept.id, f"dose {given.id}"] = given.id
    session.commit()


def _separate(session, merge):
    try:
        separate_records(session, STAFF, SeparateRecords(merge.id, "Two people"), today=TODAY, now=clock.now())
    except UndoLaterFirst:
        session.rollback()
        return False
    session.commit()
    return True


def _seen(session, records):
    """Everything about the people, in columns of their records and rows that belong to them."""
    ids, seen = [record.id for record in records], {}
    for record_id in ids:
        row = session.get_one(Recipient, record_id, populate_existing=True)
        for column in inspect(Recipient).columns:
            seen[record_id, column.key] = getattr(row, column.key)
    accounts = set(session.scalars(select(Account.id)))
    for grant in session.scalars(select(Grant).where(Grant.scope_id.in_(ids), Grant.account_id.in_(accounts))):
        seen[grant.id, "ended"] = grant.ended_at
    for listing in session.scalars(select(Listing).where(Listing.recipient_id.in_(ids))):
        key = (listing.recipient_id, f"listed at {listing.scope_id}")
        seen[key] = (listing.how, listing.last_folded, listing.first_folded)
    for closure in session.scalars(select(RecordClosure).where(RecordClosure.recipient_id.in_(ids))):
        seen[closure.id, "undone"] = (closure.undone_at, closure.undone_because)
    for row in session.scalars(select(Administration).where(Administration.recipient_id.in_(ids))):
        seen[row.id, "dose"] = (row.recipient_id, row.status, row.dose_number)
    for word in session.scalars(select(NameWord).where(NameWord.recipient_id.in_(ids))):
        seen[word.recipient_id, f"word {word.word}"] = word.names
    return seen


def _but(seen, since):
    """Without what happened since: the counter of versions, details changed there, doses and lists that came to it."""
    doses = {value: record for (record, name), value in since.items() if name.startswith("dose")}
    gone = {
        key for key in seen
        if key[1] == "version" or key in since or key[0] in doses
        or (key[1].startswith("listed") and key[0] in doses.values())
    }  # fmt: skip
    return {key: value for key, value in seen.items() if key not in gone}
