#!/bin/sh
# users.sh DIRECTORY SERVICE...: prints the SQL that makes schema and users of each service, for root:
#
#   deploy/mysql/users.sh passwords identity mediation corrections hotline enforcement | mariadb
#
# Passwords are read from DIRECTORY/<service> and DIRECTORY/<service>_migrate; where one is missing it is made. Running it again sets the
# passwords to those of the directory and changes nothing else. <service>_migrate may do everything in its schema and nowhere else, and pass
# rights on it on: after each migration `sifa-<service> --grants` gives <service> its rights table by table, by which the journal is append-only. sifa_backup
# may read the schemas, to dump them.
set -eu
directory=$1
shift
umask 077
mkdir -p "$directory"
user() {
  [ -s "$directory/$1" ] || openssl rand -hex 24 | tr -d '\n' > "$directory/$1"
  password=$(cat "$directory/$1")
  case $password in *[!A-Za-z0-9_-]*) echo "$directory/$1: letters, digits, - and _ only" >&2; exit 1 ;; esac
  echo "CREATE USER IF NOT EXISTS '$1'@'%' IDENTIFIED BY '$password' REQUIRE SSL;"
  echo "ALTER USER '$1'@'%' IDENTIFIED BY '$password' REQUIRE SSL;"
}
user sifa_backup
for service in "$@"; do
  echo "CREATE DATABASE IF NOT EXISTS \`sifa_$service\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
  user "$service"
  user "${service}_migrate"
  echo "GRANT ALL PRIVILEGES ON \`sifa\\_$service\`.* TO '${service}_migrate'@'%' WITH GRANT OPTION;"
  echo "GRANT SELECT, SHOW VIEW, LOCK TABLES ON \`sifa\\_$service\`.* TO 'sifa_backup'@'%';"
done
