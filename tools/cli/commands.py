"""What each command of tools/sifa does. main.py reads the command line and calls one of these."""

import collections
import json
import os
import subprocess
from pathlib import Path

import builder
import catalogue
import chart
import console
import error_catalogue
import lints
import metrics_page
import observe
from console import Failure
from state import ROOT, binary
from suite import Suite


def up(arguments):
    if not arguments.no_build:
        builder.build([s.program for s in catalogue.SERVICES])
    suite = Suite(quiet=False)
    if arguments.fresh:
        _remove(suite)
    suite.start(keep=True, replicas=arguments.replicas)
    suite.load_demonstration()
    if arguments.observe:
        suite.observe()
    _greet(suite)
    return 0


def _greet(suite):
    console.say()
    console.say("Sifa 司法 is up:  " + "  ".join(suite.urls))
    try:
        accounts = suite.accounts()
    except Failure:
        accounts = []
    if accounts:
        console.say("\nDemonstration accounts:")
        for line in _accounts_table(_few(accounts)):
            console.say(f"  {line}")
        console.say(f"  all {len(accounts)} of them: tools/sifa accounts")
    ca = _short(suite.ca)
    for name in observe.NAMES:
        if suite.record(name):
            console.say(f"{name:<13} {observe.address(suite.state, name)}" + ("/alerts" if name == "prometheus" else "/api/v2/alerts"))
    console.say("\nTo try:")
    if accounts:
        console.say(f'  curl --cacert {ca} -H "Authorization: Bearer $(tools/sifa token {accounts[0]["account"]})" \\\n'
                    f"    {suite.url}/v1/mediation/cases | jq")
    else:
        console.say(f"  curl --cacert {ca} {suite.url}/healthz")
    console.say("  tools/sifa status        each process with its health")
    console.say(f"  tools/sifa logs gateway  or read {_short(suite.state.path('run'))}/*.log")
    console.say("  tools/sifa down          stops everything; data is kept")


def _short(path):
    """A path as it is typed in the checkout."""
    try:
        return path.relative_to(ROOT)
    except ValueError:
        return path


def down(_):
    suite = Suite()
    stopped = suite.stop() if suite.state.directory.exists() else []
    console.say(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")
    return 0


def status(arguments):
    suite = Suite()
    observers = [name for name in observe.NAMES if suite.record(name)]
    entries = [_status_of(suite, name) for name in (*catalogue.names(suite.state), *observers)]
    if arguments.json:
        console.say(json.dumps(entries, indent=1, ensure_ascii=False))
    else:
        rows = [(e["name"], e["pid"] or "-", e["port"] or "-", e["health"], _megabytes(e["memory"]),
                 _duration(e["uptime"]), e["lastError"][:100]) for e in entries]
        console.say("\n".join(console.table(("process", "pid", "port", "health", "memory", "up", "last error"), rows)))
        console.say(f"memory in all: {_megabytes(sum(e['memory'] for e in entries))}"
                    + (f"   clock: {suite.clock.describe()}" if suite.clock.offset() else "")
                    + ("" if suite.is_kept() else "   nothing that dies is started again: tools/sifa up"))
        for e in entries:
            if d := e["deaths"]:
                console.say(f"{e['name']} ended by itself {d['count']}×, last {d['at']}: {d['why']}; {d['then']}"
                            + (f"; {d['lastError']}" if d["lastError"] else ""))
    return 0 if all(e["health"] == "ready" for e in entries) else 1


def _status_of(suite, name):
    record = suite.record(name)
    problem = suite.problem(name) if record else "down"
    if problem is None:
        problem = suite.warning(name) or None
    ports = suite.state.ports(name)
    return {"name": name, "pid": record.pid if record else None, "port": ports.get("listen"),
            "innerPort": ports.get("inner"), "health": "ready" if problem is None else problem,
            "memory": record.memory() if record else 0, "uptime": record.uptime() if record else 0,
            "lastError": suite.last_error(name), "deaths": suite.deaths().get(name)}


def _megabytes(count):
    return f"{count / 1_048_576:.0f} MiB" if count else "-"


def _duration(seconds):
    if not seconds:
        return "-"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def logs(arguments):
    suite = Suite()
    names = [*catalogue.names(suite.state), *observe.NAMES]
    if arguments.name not in names:
        raise Failure(f"There is no process {arguments.name}.", hint=f"one of: {', '.join(names)}")
    log = suite.log(arguments.name)
    if not log.exists():
        raise Failure(f"{arguments.name} has not run yet.", hint="tools/sifa up")
    command = ["tail", "-n", str(arguments.lines), *(["-F"] if arguments.follow else []), str(log)]
    os.execvp(command[0], command)


def reset(arguments):
    suite = Suite()
    if not suite.state.directory.exists():
        console.say("there is nothing to remove")
        return 0
    if not arguments.yes and not console.confirm(f"Stop everything and delete {suite.state.directory} with all its data?"):
        raise Failure("Nothing was removed.", hint="answer y, or run tools/sifa reset --yes")
    _remove(suite)
    console.say(f"removed {suite.state.directory}")
    return 0


def _remove(suite):
    if suite.state.directory.exists():
        suite.stop()
        suite.state.remove()


def backup(arguments):
    import backup as backups  # pylint: disable=import-outside-toplevel
    console.say(backups.take(Suite(), arguments.directory))
    return 0


def restore(arguments):
    import backup as backups  # pylint: disable=import-outside-toplevel
    for name, report in backups.restore(Suite(quiet=False), arguments.directory).items():
        console.say(f"{name}: {report}")
    return 0


def url(_):
    console.say("\n".join(Suite().urls))
    return 0


def accounts(arguments):
    found = Suite().accounts()
    if arguments.json:
        console.say(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        console.say("\n".join(_accounts_table(found)))
    return 0


_LEVELS = {1: "province 省", 2: "city 市", 3: "county 县", 4: "township 乡镇", 5: "village 村"}


def _few(found):
    """The first two that hold one role in one organisation: the hotline alone has thirty."""
    of = collections.defaultdict(list)
    for account in found:
        of[account["role"], account["organisation"]].append(account)
    return [a for a in found if a in of[a["role"], a["organisation"]][:2]]


def _accounts_table(found):
    return console.table(("account", "password", "role", "organisation", "level"),
                         [(a["account"], a["password"] + (" + TOTP" if "totpSecret" in a else ""),
                           f"{a['roleName']} {a['role']}", a["organisationName"], _LEVELS[a["level"]]) for a in found])


def token(arguments):
    console.say(Suite().token(arguments.account, check=True))
    return 0


def clock(arguments):
    suite = Suite()
    if arguments.time != "show":
        if not suite.state.directory.exists():
            raise Failure("The suite has not been started yet.", hint="tools/sifa up")
        suite.clock.apply(arguments.time)
    console.say(suite.clock.describe())
    return 0


def test(arguments):
    import test_run  # pylint: disable=import-outside-toplevel  # heavy, and needed by this command only
    return test_run.run(arguments.filter)


def prove(arguments):
    import proofs  # pylint: disable=import-outside-toplevel
    proofs.choose("faults", arguments.names)
    builder.build_programs()
    return proofs.prove_all(arguments.names, arguments.short)


def bench(arguments):
    import proofs  # pylint: disable=import-outside-toplevel
    proofs.choose("scale", arguments.names)
    builder.build_programs()
    return proofs.bench_all(arguments.names, arguments.short, arguments.json)


def check(_):
    passed, failed = lints.run()
    console.say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def fmt(_):
    """Formats what is new: whole files that Git does not know yet, and the changed lines of the others. Tables laid out by hand
    stay as they are."""
    listing = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", "--others", "--exclude-standard", "--", "*.cc", "*.h"],
                             capture_output=True, check=True, timeout=60)
    new = [f for f in listing.stdout.decode().split("\0") if f]
    if new:
        subprocess.run(["clang-format", "-i", *new], cwd=ROOT, check=True, timeout=300)
    subprocess.run(["git", "clang-format", "--quiet", "--force", "--extensions", "cc,h", "HEAD"], cwd=ROOT, check=True, timeout=300)
    console.say("formatted the C++ lines that are not committed yet")
    return 0


def docs(_arguments):
    """Prints the procedures from their tables, the errors and the metrics from the sources, the README and the examples of the chart."""
    programs = [f"sifa-{p.parent.name}" for p in sorted(ROOT.glob("services/*/main.cc")) if "casework::Serve" in p.read_text()]
    builder.build(programs)
    for program in programs:
        subprocess.run([binary(program), f"--print_procedures={ROOT / 'docs' / 'procedures'}"], check=True, timeout=60)
    error_catalogue.write()
    metrics_page.write()
    left = chart.write()
    console.say("printed docs/procedures, docs/errors, docs/operations/metrics.md and the pages of the chart")
    if left:
        raise Failure(left, hint="go install helm.sh/helm/v3/cmd/helm@v3.22.0")
    return 0


def dashboards(arguments):
    import dashboards as boards  # pylint: disable=import-outside-toplevel
    suite = Suite()
    address = arguments.prometheus
    if not address:
        if not suite.record("prometheus"):
            raise Failure("No Prometheus runs beside the suite.", hint="tools/sifa up --observe, or --prometheus=URL")
        address = observe.address(suite.state, "prometheus")
    directory = Path(arguments.directory).absolute()
    for name, panels, empty in boards.draw(address, directory, arguments.hours, arguments.service):
        console.say(f"{name}.png: {panels} panels" + (f"; without a series: {', '.join(empty)}" if empty else ""))
    console.say(f"open {directory / 'index.html'}")
    return 0


def manifests(arguments):
    """All objects as one YAML, for who does not install by Helm."""
    if arguments.example:
        if arguments.example not in chart.examples():
            raise Failure(f"There is no example {arguments.example}.", hint=f"one of: {', '.join(chart.examples())}")
        console.say(chart.rendered(arguments.example).read_text().rstrip())
        return 0
    console.say(chart.render(arguments.values, release=arguments.release, namespace=arguments.namespace, tests=False).rstrip())
    return 0
