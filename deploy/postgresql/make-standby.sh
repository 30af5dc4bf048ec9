#!/bin/sh
# make-standby.sh PRIMARY DATA NAME: copies the server at PRIMARY (an address such as postgresql://replicator@db1/postgres)
# into the empty folder DATA, to follow it under NAME (standby_a or standby_b). Run as the user of the server that will be the standby;
# start that server afterwards. A standby that is made anew keeps its place in the log: its old slot is dropped first.
set -eu
primary=$1 data=$2 name=$3
psql --no-psqlrc --quiet --no-align --tuples-only --dbname="$primary" --set=name="$name" <<'SQL' >/dev/null
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = :'name' AND NOT active;
SQL
PGAPPNAME=$name pg_basebackup --dbname="$primary" --pgdata="$data" --wal-method=stream --checkpoint=fast \
    --create-slot --slot="$name" --write-recovery-conf
echo "$data follows as $name once it is started."
