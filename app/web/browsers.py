"""What a browser says of itself, in words that its owner knows it by."""

from functools import lru_cache

from flask_babel import gettext as _


def browser_words(user_agent: str) -> str:
    """`Chrome on Windows`; "Unknown browser" where the text tells neither."""
    family, system = _parsed(user_agent[:500])
    if family and system:
        return _("%(browser)s on %(system)s", browser=family, system=system)
    return family or system or _("Unknown browser")


@lru_cache(maxsize=256)
def _parsed(user_agent: str) -> tuple[str, str]:
    from ua_parser import parse_os, parse_user_agent  # its patterns take half a second to load, for two pages

    family, system = parse_user_agent(user_agent), parse_os(user_agent)
    return family.family if family else "", system.family if system else ""
