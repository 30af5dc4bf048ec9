#!/bin/sh
# base-backup.sh SERVER FOLDER: a copy of the whole cluster while it runs, compressed, as FOLDER/<day and time>. Together with the log that
# archive.sh keeps, restore-to.sh brings back any moment after it. Once a night; the last two and the log since then are enough.
set -eu
server=$1 folder=$2
made=$folder/$(date -u +%Y-%m-%dT%H%M%SZ)
pg_basebackup --dbname="$server" --pgdata="$made.part" --format=tar --gzip --wal-method=stream --checkpoint=fast
mv "$made.part" "$made"
echo "$made"
