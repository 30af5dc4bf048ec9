"""A thing that fails holds up none behind it, and the job tells of it."""

import pytest

from app.jobs.one_by_one import Round


@pytest.mark.once
def test_what_fails_holds_up_none_behind_it_and_is_told_at_the_end():
    seen, turn = [], Round()

    def act(number):
        if number == 2:
            raise LookupError("two")
        seen.append(number)
        return 1

    assert turn.do([1, 2, 3], act) + turn.do([4], act) == 3
    assert seen == [1, 3, 4]
    with pytest.raises(ExceptionGroup) as told:
        turn.end()
    assert [type(error) for error in told.value.exceptions] == [LookupError]


@pytest.mark.once
def test_a_round_without_failures_ends_in_silence():
    turn = Round()
    assert turn.do([1, 2], lambda number: number) == 3
    assert turn.end() is None
