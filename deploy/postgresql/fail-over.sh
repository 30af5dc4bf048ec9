#!/bin/sh
# fail-over.sh OLD DATA LOCAL: the standby in the folder DATA takes over from the server at OLD. LOCAL is the standby's own
# address, such as postgresql:///postgres. Run as the standby's user, after the old server is dead for certain: two servers
# that take writes are worse than none. It refuses while OLD answers.
set -eu
old=$1 data=$2 local=$3
if psql --no-psqlrc --quiet --dbname="$old" --command="SELECT 1" >/dev/null 2>&1; then
    echo "The old server still answers. Stop it first, and see that nothing starts it again." >&2
    exit 1
fi
pg_ctl --pgdata="$data" --wait promote
# It has no standby yet: with the setting that came with the copy every commit would wait for one.
psql --no-psqlrc --quiet --dbname="$local" --command="ALTER SYSTEM SET synchronous_standby_names = ''" \
    --command="SELECT pg_reload_conf()" >/dev/null
echo "This server takes writes now, without a standby. Make one: make-standby.sh, then"
echo "ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf();"
