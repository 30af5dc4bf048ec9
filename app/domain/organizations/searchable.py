"""Keeping organizations findable: the folded text and the words that search reads."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from app.domain.organizations.models import (
    ADDRESS_WORD,
    LONGEST_WORD,
    NAME_WORD,
    Organization,
    OrganizationText,
    OrganizationWord,
)
from app.infra.search import fold

_CHUNK = 1_000


def make_searchable(session: Session, organizations: Sequence[Organization]) -> None:
    """Bring what search reads in line with the organizations, new or changed. Flushes."""
    session.flush()
    for start in range(0, len(organizations), _CHUNK):
        _make_searchable(session, organizations[start : start + _CHUNK])


def searchable_text(organization: Organization) -> str:
    """The folded name and address, each word after one space."""
    return f" {fold(organization.name)} {_address(organization)}"[:1000].rstrip()


def searchable_words(organization: Organization) -> set[tuple[int, str]]:
    """The words of the name, and those that are in the address only, with their weight."""
    name = {word[:LONGEST_WORD] for word in fold(organization.name).split()}
    address = {word[:LONGEST_WORD] for word in _address(organization).split()} - name
    return {(NAME_WORD, word) for word in name} | {(ADDRESS_WORD, word) for word in address}


def _address(organization: Organization) -> str:
    return fold(f"{organization.street} {organization.city} {organization.zip}")


def _make_searchable(session: Session, organizations: Sequence[Organization]) -> None:
    ids = [organization.id for organization in organizations]
    texts = {
        text.organization_id: text
        for text in session.scalars(select(OrganizationText).where(OrganizationText.organization_id.in_(ids)))
    }
    for organization in organizations:
        if found := texts.get(organization.id):
            _forget_words(session, found)
            found.text = searchable_text(organization)
        else:
            texts[organization.id] = OrganizationText(
                organization_id=organization.id, text=searchable_text(organization)
            )
            session.add(texts[organization.id])
    session.flush()
    rows = [
        {"weight": weight, "word": word, "number": texts[organization.id].number}
        for organization in organizations
        for weight, word in sorted(searchable_words(organization))
    ]
    if rows:
        session.execute(insert(OrganizationWord), rows)


def _forget_words(session: Session, text: OrganizationText) -> None:
    """Their keys are made again from the text: an index by number would double the table.

    One by one, since SQLite reads the whole table for a list of keys.
    """
    keys = [
        {"w": weight, "text": word[:LONGEST_WORD], "n": text.number}
        for weight in (NAME_WORD, ADDRESS_WORD)
        for word in set(text.text.split())
    ]
    one = delete(OrganizationWord).where(
        OrganizationWord.weight == bindparam("w"),
        OrganizationWord.word == bindparam("text"),
        OrganizationWord.number == bindparam("n"),
    )
    session.connection().execute(one, keys)
