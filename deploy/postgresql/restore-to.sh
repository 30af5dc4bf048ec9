#!/bin/sh
# restore-to.sh BACKUP WAL DATA [MOMENT]: unpacks a base backup into the empty folder DATA, to be brought to MOMENT (such as
# "2021-03-10 14:05:00-05") from the log in the folder WAL, or to its end. Run as the server's user; then start the server there: it
# replays the log and takes writes from that moment on. The base backup must be older than MOMENT.
set -eu
backup=$1 wal=$2 data=$3 moment=${4:-}
mkdir -m 700 "$data"
tar -xzf "$backup/base.tar.gz" -C "$data"
tar -xzf "$backup/pg_wal.tar.gz" -C "$data/pg_wal"
{
    echo "restore_command = 'cp \"$wal/%f\" \"%p\"'"
    echo "recovery_target_action = 'promote'"
    echo "synchronous_standby_names = ''"
    echo "archive_mode = off"
    [ -z "$moment" ] || echo "recovery_target_time = '$moment'"
} >>"$data/postgresql.auto.conf"
touch "$data/recovery.signal"
echo "Start the server on $data. SELECT pg_is_in_recovery() says f when it is done."
