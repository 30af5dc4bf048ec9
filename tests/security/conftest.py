"""What an attack leaves in the log."""

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr

import pytest
import structlog

from app.infra import log
from app.web.context import Machines


@pytest.fixture
def log_lines(machines: Machines) -> Iterator[Callable[[], list[str]]]:
    """The log of a real installation, as it was written so far."""
    before, written = structlog.get_config(), io.StringIO()
    with redirect_stderr(written):
        log.configure(readable=False)
    yield lambda: written.getvalue().splitlines()
    structlog.configure(**before)
