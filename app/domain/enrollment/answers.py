"""Answers are kept field by field, so that two people in the same section do not overwrite each other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.enrollment.errors import EditedByOthers
from app.domain.enrollment.fields import Field
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.values import clean
from app.domain.errors import EditedMeanwhile


def put_answers(
    subject: Enrollment | EnrolledLocation,
    fields: Mapping[str, Field],
    typed: Mapping[str, Any],
    *,
    version: int,
    seen: Mapping[str, Any] | None,
    by_id: UUID | None,
    now: datetime,
) -> set[str]:
    """Keep what was typed; returns the keys that changed. "" and [] take an answer away.

    `version` is that of the subject when the form was shown, `seen` the answers shown in it: a field that was left as
    it was seen is left as it is. Raises FieldsRefused, and EditedByOthers for fields that somebody else changed since
    `version` to something else.
    """
    values = clean(fields, typed)
    if seen is not None:
        values = {key: value for key, value in values.items() if value != (seen.get(key) or type(value)())}
    stored = subject.answers
    changes = {key: value for key, value in values.items() if value != (stored.get(key) or type(value)())}
    conflicts = tuple(
        EditedMeanwhile(key, typed=_text(changes[key]), stored=_text(stored.get(key, "")), version=subject.version)
        for key in changes
        if subject.changed.get(key, 0) > version
    )
    if conflicts:
        raise EditedByOthers(conflicts, version=subject.version, by_id=subject.edited_by_id)
    if changes:
        subject.version += 1
        merged = {**stored, **changes}
        subject.answers = {key: value for key, value in merged.items() if value not in ("", [])}
        subject.changed = {**subject.changed, **dict.fromkeys(changes, subject.version)}
        subject.edited_at, subject.edited_by_id = now, by_id
    return set(changes)


def _text(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)
