"""The schemas of the services and who may do what in them.

Schema sifa_<S> has two users: <S>_migrate, who may do everything in it and is used by --migrate and --grants only, and <S>, to
whom the latter gives its rights table by table after each migration, because MariaDB cannot take one table out of a grant for
all. The journal is append-only by these grants."""

import os
import secrets

from state import write_atomically


def schema(service):
    return f"sifa_{service}"


def migrator(service):
    return f"{service}_migrate"


def password_file(state, user):
    return state.path("secrets", f"{user}.password")


def _password(state, user):
    path = password_file(state, user)
    if not path.exists():
        write_atomically(path, secrets.token_urlsafe(24))
    os.chmod(path, 0o600)
    return path.read_text()


def create(database, state, services):
    """Schemas and users of all services; running it again changes nothing."""
    sql = []
    for service in services:
        name = schema(service)
        sql.append(f"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;")
        for user in (service, migrator(service)):
            secret = _password(state, user)
            sql.append(f"CREATE USER IF NOT EXISTS '{user}'@'localhost' IDENTIFIED BY '{secret}';")
            sql.append(f"ALTER USER '{user}'@'localhost' IDENTIFIED BY '{secret}';")
        sql.append(f"GRANT ALL PRIVILEGES ON `{_literal(name)}`.* TO '{migrator(service)}'@'localhost' WITH GRANT OPTION;")
    database.query("\n".join(sql))


def account(service):
    return f"{service}@localhost"


def revoke(database, service):
    """Takes away every right of <service>: what --grants gives afterwards is all that it has."""
    database.query(f"REVOKE ALL PRIVILEGES, GRANT OPTION FROM '{service}'@'localhost'")


def _literal(name):
    """In a grant for a whole schema `_` stands for any character."""
    return name.replace("_", "\\_")
