#!/bin/sh
# archive.sh FROM TO: keeps one piece of the log, whole or not at all, and never writes over another one.
# PostgreSQL calls it (archive_command) and asks again until it succeeds.
set -eu
from=$1 to=$2
if [ -e "$to" ]; then
    cmp -s "$from" "$to"      # it was kept, and the server did not get to hear of it
    exit
fi
cp "$from" "$to.part.$$"
sync "$to.part.$$"
mv "$to.part.$$" "$to"
sync "$(dirname "$to")"
