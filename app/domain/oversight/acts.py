"""The kinds into which the acts of the access log fall, so that somebody can ask for one kind."""

KINDS = ("health", "looked", "exported", "doses", "records", "users", "cases", "decisions", "stock", "other")
_HEALTH = frozenset(
    {
        "recipient.glass_broken", "recipient.glass_closed", "recipient.health_answers_read", "access.opening_reviewed",
        "recipient.screened",
    }
)  # fmt: skip
_LOOKED = frozenset(
    {
        "recipient.opened", "recipient.own_record_opened", "recipient.found", "recipient.compared",
        "recipient.shown_as_likely_duplicate", "recipient.shown_in_list", "recipient.shown_in_recall",
        "recipient.account_opened", "account.opened", "access_log.searched", "case.found",
    }
)  # fmt: skip
_TAKEN_ALONG = ("exported", "downloaded", "printed", "printed_on_paper")
_VISITS = ("recipient.dose_", "recipient.checked_in", "recipient.consent_", "visit.")
_BY_AREA = {
    "recipient": "records", "recipients": "records", "account": "users", "contact": "users", "case": "cases",
    "help_desk": "cases", "article": "cases", "inventory": "stock", "transfer": "stock", "recall": "stock",
    "enrollment": "decisions", "phase": "decisions", "program": "decisions", "upload": "decisions",
    "organization": "decisions", "location": "users", "kiosk": "users", "access_log": "looked", "product": "decisions",
    "populations": "decisions", "report": "decisions", "people": "records", "notice": "decisions", "issuer": "decisions", "mail": "decisions", "proof": "records",
    "terms": "records", "desk_call": "doses", "retention": "records",
}  # fmt: skip


def kind_of(act: str) -> str:
    """The kind of an act; `other` for one that nobody thought of."""
    if act in _HEALTH:
        return "health"
    if act in _LOOKED:
        return "looked"
    if act.endswith(_TAKEN_ALONG):
        return "exported"
    if act.startswith(_VISITS):
        return "doses"
    return _BY_AREA.get(act.partition(".")[0], "other")
