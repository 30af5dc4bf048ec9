"""The clock of the clinic day. Two walk-ins of it are in tests/browser; `make bench NAME=clinic_day` measures twenty."""

import pytest

from bench.clinic_day import Timed


@pytest.mark.once
def test_the_clock_counts_what_the_application_takes():
    asked = []
    timed = Timed(lambda environ, _start: asked.append(environ) or [b"a", b"b"])
    assert timed({"PATH_INFO": "/"}, None) == [b"a", b"b"]
    assert timed.seconds > 0
    assert asked == [{"PATH_INFO": "/"}]
