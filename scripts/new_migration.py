"""Write the next migration from what the models have and the migrations so far lack: `make migration M="Adds …"`."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from app import factory
from app.infra import migrations
from app.infra.db import Database


def main(message: str) -> None:
    factory.import_models()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        if migrations.head():
            migrations.upgrade(database)
        number = f"{int(migrations.head() or 0) + 1:04d}"
        with database.engine.connect() as connection:
            config = migrations.config_for(connection)
            script = command.revision(config, message, autogenerate=True, rev_id=number)
        database.dispose()
    path = Path(script.path)
    kept = [line for line in path.read_text().splitlines(keepends=True) if not line.strip().startswith("# ###")]
    path.write_text("".join(kept))
    print(f"Wrote {path}. Read it before you commit it.")


if __name__ == "__main__":
    main(sys.argv[1])
