"""Mails are claimed by lease: nothing is lost, nothing goes out twice without staff knowing."""

import threading
from datetime import timedelta

from app.infra import outbox


def publish(session, now, count=1):
    for number in range(count):
        outbox.publish(session, "test.mail", now=now, number=str(number))
    session.commit()


def test_a_message_of_a_rolled_back_change_is_never_sent(session, database, now):
    outbox.publish(session, "test.mail", now=now)
    session.rollback()
    assert outbox.claim(database, now=now) == []


def test_two_workers_never_claim_the_same_message(session, database, now):
    publish(session, now, 60)
    taken, lock = [], threading.Lock()

    def work():
        while claimed := outbox.claim(database, now=now, limit=7):
            with lock:
                taken.extend(message.payload["number"] for message in claimed)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken, key=int) == [str(number) for number in range(60)]


def test_a_worker_that_died_before_sending_leaves_its_message_to_the_next(session, database, now):
    publish(session, now)
    assert len(outbox.claim(database, now=now)) == 1
    assert outbox.claim(database, now=now + timedelta(minutes=1)) == []
    assert len(outbox.claim(database, now=now + timedelta(minutes=3))) == 1


def test_a_worker_that_died_while_sending_leaves_an_unsure_message_to_staff(session, database, now):
    publish(session, now)
    message = outbox.claim(database, now=now)[0]
    assert outbox.begin_sending(database, message.id, now=now)
    assert outbox.claim(database, now=now + timedelta(minutes=3)) == []
    assert [found.status for found in outbox.troubled(session)] == ["unsure"]
    outbox.send_again(session, message.id, now=now)
    session.commit()
    assert len(outbox.claim(database, now=now + timedelta(minutes=3))) == 1


def test_a_lease_that_ran_out_is_not_used_to_send(session, database, now):
    publish(session, now)
    message = outbox.claim(database, now=now)[0]
    assert not outbox.begin_sending(database, message.id, now=now + timedelta(minutes=5))


def test_failures_are_tried_again_ever_later_and_then_shown(session, database, now):
    publish(session, now)
    moment = now
    for _ in range(outbox.MAX_ATTEMPTS):
        message = outbox.claim(database, now=moment)[0]
        outbox.retry_later(database, message, "no answer", now=moment)
        assert outbox.claim(database, now=moment) == []
        moment += timedelta(hours=10)
    assert outbox.claim(database, now=moment) == []
    assert outbox.counts(session) == {"failed": 1}


def test_a_message_that_waited_for_slow_ones_was_not_tried(session, database, now):
    publish(session, now)
    moment = now
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.claim(database, now=moment)
        moment += timedelta(minutes=5)
    outbox.retry_later(database, outbox.claim(database, now=moment)[0], "no answer", now=moment)
    assert outbox.counts(session) == {"waiting": 1}


def test_waiting_for_a_decent_hour_is_no_attempt_and_takes_none_back(session, database, now):
    publish(session, now)
    message = outbox.claim(database, now=now)[0]
    outbox.retry_later(database, message, "no answer", now=now)
    evening, morning = now + timedelta(hours=8), now + timedelta(hours=18)
    outbox.postpone(database, outbox.claim(database, now=evening)[0].id, until=morning)
    assert outbox.claim(database, now=evening) == []
    assert outbox.claim(database, now=morning)[0].attempts == 1


def test_what_is_sent_in_bulk_waits_behind_everything_else(session, database, now):
    outbox.publish_many(session, "many", [{}] * 30, now=now, abouts=[None] * 30)
    outbox.publish(session, "one", now=now + timedelta(seconds=1))
    session.commit()
    assert [message.kind for message in outbox.claim(database, now=now + timedelta(minutes=1), limit=1)] == ["one"]
