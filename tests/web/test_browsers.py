"""Sessions are told by the browser's and the system's name."""

import pytest

from app.web.browsers import browser_words

pytestmark = pytest.mark.once
CHROME = "(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 {CHROME} Edg/120.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 {CHROME}", "Chrome on Linux"),
        ("curl/8.0", "curl"),
        ("", "Unknown browser"),
        ("<script>alert(1)</script>" * 100, "Unknown browser"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(machines, lasting, user_agent, words):
    with lasting.app_with(machines).test_request_context():
        assert browser_words(user_agent) == words
