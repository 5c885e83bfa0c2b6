"""The processes of the suite, in the order in which they start. A new service is one line of SERVICES."""

import os
import re
from dataclasses import dataclass, field

import database_users
from state import ROOT, binary


@dataclass(frozen=True)
class Service:
    name: str
    after: tuple = ()        # must be ready before this one starts
    database: bool = True    # has schema sifa_<name>, keys, and --migrate; speaks gRPC to its peers
    port: int | None = None  # preferred by the default state directory; else any free one
    flags: tuple = ()        # (name, value) beyond those that all take; {state} is the state directory
    witness: str | None = None  # keeps the end of this one's journal in its own
    own_flags: dict = field(default_factory=dict)  # flags that no other process takes; {state} is the state directory

    @property
    def program(self):
        return f"sifa-{self.name}"


SERVICES = (
    # Fills an empty database with the demonstration's organisations and accounts (services/identity/demo.cc). Its administrators
    # sign in by password alone, so that whoever tries the suite needs no authenticator.
    Service("identity", witness="mediation", own_flags={
        "seed_demo": "true", "demo_accounts": "{state}/accounts.json", "totp_for_administrators": "false"}),
    Service("mediation", after=("identity",), witness="identity"),
    Service("corrections", after=("identity",), witness="identity"),
    Service("hotline", after=("identity",), witness="identity"),
    Service("enforcement", after=("identity",), witness="identity"),
)
SERVICES += (Service("gateway", after=tuple(s.name for s in SERVICES), database=False, port=8443),)
DATABASES = ("mysql", "redis")
# Certificates for callers that are no process of the suite: the operator's client, tests that call past the gateway.
CLIENTS = ("operator",)


def service(name):
    """The service of a process: of "mediation" and of its second replica, "mediation-2"."""
    return next((s for s in SERVICES if s.name == re.sub(r"-\d+$", "", name)), None)


def processes(s, state):
    """The names of a service's processes: one, or as many as `tools/sifa up --replicas` was told."""
    return [s.name, *(f"{s.name}-{n}" for n in range(2, state.load().get("replicas", 1) + 1))]


def names(state):
    return [*DATABASES, *(name for s in SERVICES for name in processes(s, state))]


def with_database():
    return [s.name for s in SERVICES if s.database]


def waves():
    """Services in groups: each group may start together once the groups before it are ready."""
    waiting, started, groups = list(SERVICES), set(), []
    while waiting:
        group = [s for s in waiting if started.issuperset(s.after)]
        assert group, f"these wait for each other: {[s.name for s in waiting]}"
        groups.append(group)
        started.update(s.name for s in group)
        waiting = [s for s in waiting if s not in group]
    return groups


def wanted_ports(state):
    """(process, port name, preferred port) for State.choose_ports."""
    for s in SERVICES:
        for name in processes(s, state):
            yield name, "listen", s.port if state.is_default and name == s.name else None
            yield name, "inner", None


def addresses(s, state):
    """host:port of each process of a service."""
    return [f"127.0.0.1:{state.ports(name)['listen']}" for name in processes(s, state)]


def command(name, state, mysql_socket, redis_socket, overrides=None):
    """The command line of a running process."""
    s, ports = service(name), state.ports(name)
    flags = {
        "listen": f"127.0.0.1:{ports['listen']}",
        "inner": f"127.0.0.1:{ports['inner']}",
        "tls": state.path("tls", s.name),
        "peers": ",".join(f"{p.name}={','.join(addresses(p, state))}" for p in SERVICES if p.database),
        "lame_duck": "0s",  # nobody in front of the suite looks at /readyz
        "demonstration": "true",
        "clock": state.path("clock"),
        "config": ROOT / "config",
        "log_level": os.environ.get("SIFA_LOG_LEVEL", "info"),
    }
    if s.database:
        flags |= _database_flags(s, state, mysql_socket, s.name)
        flags |= {"redis": redis_socket, "keys": state.path("keys", s.name), "create_keys": "true",
                  "watch_seconds": 3,  # nobody waits half a minute for what the suite does by itself
                  "data": ROOT / "data", "witness": s.witness or "", "disks": state.path("mysql"),
                  "disk_reserve_mib": os.environ.get("SIFA_DISK_RESERVE_MIB", "1024")}
    flags |= {name: value.format(state=state.directory) for name, value in s.own_flags.items()}
    flags |= {name: value.format(state=state.directory) for name, value in s.flags}
    return _command_line(s, flags | (overrides or {}))


def set_up(s, state, mysql_socket, **flags):
    """The command line that does something once to the schema of a service, as its migrator: migrate="true"."""
    flags = _database_flags(s, state, mysql_socket, database_users.migrator(s.name)) | flags
    flags |= {"config": ROOT / "config", "data": ROOT / "data", "log_level": os.environ.get("SIFA_LOG_LEVEL", "info")}
    return _command_line(s, flags)


def _database_flags(s, state, mysql_socket, user):
    return {"mysql": f"unix:{mysql_socket}", "mysql_user": user,
            "mysql_password_file": database_users.password_file(state, user),
            "mysql_database": database_users.schema(s.name)}


def _command_line(s, flags):
    return [str(binary(s.program)), *(f"--{name}={value}" for name, value in flags.items())]
