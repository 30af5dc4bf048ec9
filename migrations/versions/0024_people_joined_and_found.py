"""Records that were joined, pairs that look alike, and what people are found by."""

import json
import uuid
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FOLDED = {"first_folded": 80, "last_folded": 160, "email_folded": 254, "phone": 10}
AT_A_TIME = 5_000


def folded(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    _make_tables_of_joining()
    op.create_table(
        "recipient_name_word",
        sa.Column("word", folded(80), nullable=False),
        sa.Column("names", folded(250), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_recipient_name_word_recipient_id_recipient")
        ),
        sa.PrimaryKeyConstraint("word", "names", "recipient_id", name=op.f("pk_recipient_name_word")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for column, length in FOLDED.items():
            op.execute(f'ALTER TABLE recipient ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"')
    op.create_index("ix_recipient_first_folded_last_folded_id", "recipient", ["first_folded", "last_folded", "id"])
    _keep_words(op.get_bind())
    op.create_index("ix_recipient_name_word_recipient_id", "recipient_name_word", ["recipient_id"])
    _keep_joined(op.get_bind())


def _make_tables_of_joining() -> None:
    op.create_table(
        "recipient_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Uuid(), nullable=True),
        sa.Column("changes", sa.LargeBinary(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_because", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["kept_id"], ["recipient.id"], name=op.f("fk_recipient_merge_kept_id_recipient")),
        sa.ForeignKeyConstraint(["other_id"], ["recipient.id"], name=op.f("fk_recipient_merge_other_id_recipient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_merge")),
    )
    live = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_recipient_merge_live",
        "recipient_merge",
        ["other_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("ix_recipient_merge_kept_id", "recipient_merge", ["kept_id"])
    op.create_index("ix_recipient_merge_other_id_id", "recipient_merge", ["other_id", "id"])
    op.create_table(
        "close_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("agreement", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["left_id"], ["recipient.id"], name=op.f("fk_close_pair_left_id_recipient")),
        sa.ForeignKeyConstraint(["right_id"], ["recipient.id"], name=op.f("fk_close_pair_right_id_recipient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_close_pair")),
        sa.UniqueConstraint("left_id", "right_id", name=op.f("uq_close_pair_left_id_right_id")),
    )
    waits = sa.text("decision = ''")
    op.create_index("ix_close_pair_waits", "close_pair", ["points", "id"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("ix_close_pair_right_id", "close_pair", ["right_id"])
    op.create_table(
        "recipient_to_compare",
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_recipient_to_compare_recipient_id_recipient")
        ),
        sa.PrimaryKeyConstraint("recipient_id", name=op.f("pk_recipient_to_compare")),
    )
    op.create_table(
        "pair_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("through_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_search")),
    )
    op.create_table(
        "doubled_dose",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("administration_id", sa.Uuid(), nullable=False),
        sa.Column("same_as_id", sa.Uuid(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["recipient_merge.id"], name=op.f("fk_doubled_dose_merge_id_recipient_merge")
        ),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_doubled_dose_administration_id_administration")
        ),
        sa.ForeignKeyConstraint(
            ["same_as_id"], ["administration.id"], name=op.f("fk_doubled_dose_same_as_id_administration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubled_dose")),
    )
    op.create_index("ix_doubled_dose_merge_id", "doubled_dose", ["merge_id"])


def _keep_words(connection: Connection) -> None:
    """The later words of names that are on record already."""
    people = sa.table(
        "recipient",
        sa.column("id", sa.Uuid()),
        sa.column("first_folded", sa.String()),
        sa.column("last_folded", sa.String()),
    )
    words = sa.table("recipient_name_word", sa.column("word"), sa.column("names"), sa.column("recipient_id", sa.Uuid()))
    several = sa.or_(people.c.last_folded.like("% %"), people.c.first_folded.like("% %"))
    last = uuid.UUID(int=0)
    while True:
        rows = connection.execute(
            sa.select(people).where(people.c.id > last, several).order_by(people.c.id).limit(AT_A_TIME)
        ).all()
        found = [word for row in rows for word in _later_words(*row)]
        if found:
            connection.execute(sa.insert(words), found)
        if len(rows) < AT_A_TIME:
            return
        last = rows[-1].id


def _later_words(recipient_id: uuid.UUID, first: str, last: str) -> Iterator[dict[str, object]]:
    for word in {*first.split(" ")[1:], *last.split(" ")[1:]} - {""}:
        yield {"word": word[:80], "names": f"{last} {first}"[:250], "recipient_id": recipient_id}


def _keep_joined(connection: Connection) -> None:
    """Records that were joined before there was a table of it; pointers lead straight to the record kept last."""
    people = sa.table("recipient", sa.column("id", sa.Uuid()), sa.column("merged_into_id", sa.Uuid()))
    rows = connection.execute(sa.select(people).where(people.c.merged_into_id.is_not(None))).all()
    if not rows:
        return
    from app.infra import crypto

    into = {row.id: row.merged_into_id for row in rows}
    nothing = crypto.encrypt(json.dumps({"fields": {}, "grants": [], "listings": [], "closures": []}).encode())
    values = ", ".join(f":{name}" for name in ("id", "kept_id", "other_id", "changes"))
    insert = sa.text(
        "INSERT INTO recipient_merge (id, kept_id, other_id, changes, how, merged_at, undone_because) "  # noqa: S608
        f"VALUES ({values}, 'earlier', CURRENT_TIMESTAMP, '')"
    ).bindparams(*(sa.bindparam(name, type_=sa.Uuid()) for name in ("id", "kept_id", "other_id")))
    for other, kept in into.items():
        connection.execute(insert, {"id": uuid.uuid4(), "kept_id": kept, "other_id": other, "changes": nothing})
        last = kept
        while last in into:
            last = into[last]
        if last != kept:
            connection.execute(sa.update(people).where(people.c.id == other).values(merged_into_id=last))


def downgrade() -> None:
    op.drop_index("ix_recipient_first_folded_last_folded_id", table_name="recipient")
    if op.get_bind().dialect.name == "postgresql":
        for column, length in FOLDED.items():
            op.execute(f'ALTER TABLE recipient ALTER COLUMN {column} TYPE varchar({length}) COLLATE "default"')
    for table in (
        "doubled_dose",
        "recipient_name_word",
        "pair_search",
        "recipient_to_compare",
        "close_pair",
        "recipient_merge",
    ):
        op.drop_table(table)
