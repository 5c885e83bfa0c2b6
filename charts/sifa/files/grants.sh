#!/bin/sh
# grants.sh SERVICE [options of the client mariadb]: gives the user SERVICE its rights on every table of sifa_SERVICE, as who may grant
# there: root, or SERVICE_migrate of deploy/mysql/users.sh. The journal is append-only by these rights. Running it again changes nothing.
set -eu
service=$1
shift
statements=$(mariadb --no-defaults "$@" --batch --skip-column-names --execute "
  SELECT CONCAT('GRANT SELECT, INSERT',
                IF(table_name IN ('journal', 'journal_seal', 'journal_head', 'journal_quarantine'), '', ', UPDATE, DELETE'),
                ' ON \`', table_schema, '\`.\`', table_name, '\` TO \`$service\`@\`%\`;')
  FROM information_schema.tables WHERE table_schema = 'sifa_$service'")
[ -n "$statements" ] || { echo "sifa_$service has no tables: migrate it first" >&2; exit 1; }
echo "$statements" | mariadb --no-defaults "$@"
echo "sifa_$service: rights on $(echo "$statements" | wc -l) tables"
