"""The suite as an object: what tools/sifa, the tests, the proofs and the benchmarks drive.

    with temporary_suite("leave") as suite:           # fresh, with the demonstration county, gone afterwards
        officer = suite.http("dongyang.officer")      # a client that signs in and renews its token by itself
        case = officer.must("POST", "/v1/mediation/cases", {...})
        suite.kill("mediation"); suite.start_process("mediation")
        rows = suite.mysql_root("SELECT COUNT(*) AS n FROM journal", database="sifa_mediation")

`Suite()` alone is the one of $SIFA_STATE or .sifa, running or not. Methods may be called from several threads, except
start and stop. Every wait is bounded and fails with console.Failure."""

import contextlib
import http.client
import importlib.util
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import catalogue
import console
import database_users
import guardian
import keeper
import observe
import totp
from certificates import Authority
from console import Failure
from demo_clock import DemoClock
from mariadb import MariaDb
from processes import KEEPER, Supervisor, clean_environment, fingerprint
from redis_server import Redis
from state import State, binary, build_directory, temporary_state, write_atomically
from web import Client

_READY_SECONDS = 60
_MIGRATE_SECONDS = 300
_IDLE, _CONNECTED = 0, 2  # of sifa_gateway_backend_state
_TOKEN_RESERVE_SECONDS = 60  # a token that ends sooner is not handed out any more


class Suite:
    """`overrides`: {process: {flag: value}}, flags that differ from the usual, such as a database behind a TCP gate. Those of a service
    hold for all its replicas; one of them may have its own."""

    def __init__(self, state=None, *, quiet=True, overrides=None):
        self.state = state if isinstance(state, State) else State(state)
        self.overrides = overrides or {}
        self.clock = DemoClock(self.state)
        self.short = False  # a proof or benchmark then does little of everything
        self._step = console.quiet_step if quiet else console.step
        self._supervisor = Supervisor(self.state)
        self.mysql = MariaDb(self.state, self._supervisor)
        self.redis = Redis(self.state, self._supervisor)
        self._tokens_lock = threading.Lock()

    # -- life

    def start(self, keep=False, replicas=None):
        """Brings everything up that is not: idempotent. A process whose program or flags changed starts anew. `keep`: leaves a
        keeper running, which starts again what dies. `replicas`: so many processes of each service from now on."""
        with self.state.locked():
            self.state.require_format()
            if replicas:
                self.state.remember(replicas=replicas)
            if keep:
                self._start_keeper()
            self._prepare()
            with self._step("mariadb") as step:
                step.detail = f"ready, pid {self.mysql.start().pid}"
            with self._step("redis") as step:
                step.detail = f"ready, pid {self.redis.start().pid}"
            self._stop_surplus()
            due = [name for s in catalogue.SERVICES for name in self.processes(s) if not self._is_current(name)]
            changed = [s for s in catalogue.SERVICES if set(due).intersection(self.processes(s))]
            if any(s.database for s in changed):
                database_users.create(self.mysql, self.state, catalogue.with_database())
            for s in changed:
                for name in set(due).intersection(self.processes(s)):
                    self._supervisor.stop(name)
                if s.database:
                    self._migrate(s)
            self._start_waves(due)

    def processes(self, s):
        """The names of the processes of a service."""
        return catalogue.processes(s, self.state)

    def _stop_surplus(self):
        """What runs of a service beyond its replicas."""
        for name in self._supervisor.names():
            s = catalogue.service(name)
            if s and name not in self.processes(s):
                self._supervisor.stop(name)

    def _start_waves(self, due):
        """One after the other as they need each other; at the end each service answers through the gateway."""
        for wave in catalogue.waves():
            names = [name for s in wave for name in self.processes(s)]
            records = [(name, self._spawn(name)) for name in names if name in due]
            for name, record in records:
                with self._step(name) as step:
                    self._wait_ready(name, record)
                    step.detail = f"ready, pid {record.pid}, {self.address(name)}"
            for name in (name for name in names if name not in due):
                with self._step(name) as step:
                    self._wait_ready(name, self._running(name))
                    step.detail = "already running"
        for name in self.processes(catalogue.service("gateway")):
            self._wait_connected(name)

    def _wait_connected(self, gateway):
        deadline = time.monotonic() + _READY_SECONDS
        while away := [name for name in catalogue.with_database() if self.metric(gateway, "sifa_gateway_backend_state", peer=name) != _CONNECTED]:
            if time.monotonic() > deadline:
                raise Failure(f"The {gateway} does not reach every service: {', '.join(away)}", hint=f"tools/sifa logs {gateway}; tools/sifa status")
            time.sleep(0.05)

    def _start_keeper(self):
        command = [sys.executable, str(Path(keeper.__file__).resolve()), str(self.state.directory)]
        record = self._supervisor.record(KEEPER)
        if record is None or record.fingerprint != fingerprint(command):
            self._supervisor.stop(KEEPER)
            record = self._supervisor.spawn(KEEPER, command)
            self._supervisor.wait_ready(record, lambda: None if keeper.is_there(self.state) else "its socket is missing", 10)

    def observe(self):
        """Starts Prometheus and Alertmanager beside the suite."""
        with self.state.locked():
            observe.start(self, self._supervisor, self._step)

    def stop(self):
        """Stops services, then databases. Returns the names of what was running."""
        with self.state.locked():
            self._supervisor.stop(KEEPER)
            stopped = [name for name in observe.NAMES if self._supervisor.stop(name)]
            for wave in reversed(catalogue.waves()):
                stopped += [name for s in wave for name in self.processes(s) if self._supervisor.stop(name)]
            stopped += [d.name for d in (self.redis, self.mysql) if d.stop()]
            return stopped

    def load_demonstration(self):
        """Loads the demonstration county, once in the life of a state directory. False where it was there already."""
        if importlib.util.find_spec("demo") is None:
            return False
        import demo  # pylint: disable=import-outside-toplevel
        with self.state.locked():
            if self.state.load().get("demonstration"):
                return False
            with self._step("demo") as step:
                step.detail = demo.load(self) or "loaded"
            self.state.remember(demonstration=True)
        return True

    def _prepare(self):
        for s in catalogue.SERVICES:
            if not binary(s.program).exists():
                raise Failure(f"{binary(s.program)} is not there.", hint="run tools/sifa up without --no-build")
        running = [name for name in catalogue.names(self.state) if self._supervisor.record(name)]
        self.state.choose_ports(catalogue.wanted_ports(self.state), running)
        with self._step("certificates") as step:
            made = self.authority.ensure([*(s.name for s in catalogue.SERVICES), *catalogue.CLIENTS])
            step.detail = f"new for {', '.join(made)}" if made else "valid"
        for s in catalogue.SERVICES:
            if s.database:
                self.state.path("keys", s.name).mkdir(mode=0o700, exist_ok=True)
                self._start_records(s)

    def _start_records(self, s):
        """The files by which a service tells how old the last check of its journal and the last backup are (libs/casework/records.h).
        What has only begun is as good as checked and backed up."""
        for name, more in (("journal.verified", " 0"), ("backup.taken", "")):
            if not self.state.path("keys", s.name, name).exists():
                write_atomically(self.state.path("keys", s.name, name), f"{int(time.time())}{more}\n")

    def record_backup(self):
        """Writes down that all of it has just been backed up."""
        for s in catalogue.SERVICES:
            if s.database:
                write_atomically(self.state.path("keys", s.name, "backup.taken"), f"{int(time.time())}\n")

    def _command(self, name):
        overrides = {**self.overrides.get(catalogue.service(name).name, {}), **self.overrides.get(name, {})}
        return catalogue.command(name, self.state, self.mysql.socket, self.redis.socket, overrides)

    def _is_current(self, name):
        record = self._supervisor.record(name)
        return record is not None and record.fingerprint == fingerprint(self._command(name))

    def _migrate(self, s):
        log = self._supervisor.log(f"{s.name}-migrate")
        with self._step("migrate") as step:
            self._set_up(s, log, migrate="true")
            database_users.revoke(self.mysql, s.name)
            self._set_up(s, log, grants=database_users.account(s.name))
            step.detail = log.read_text().strip().rpartition("\n")[2]

    def _set_up(self, s, log, **flags):
        with open(log, "wb") as output:
            try:
                code = subprocess.run(catalogue.set_up(s, self.state, self.mysql.socket, **flags), stdin=subprocess.DEVNULL, stdout=output,
                                      stderr=output, cwd="/", env=clean_environment(), timeout=_MIGRATE_SECONDS).returncode
            except subprocess.TimeoutExpired:
                raise Failure(f"The migration of {s.name} took over {_MIGRATE_SECONDS} s.", log=log) from None
        if code != 0:
            raise Failure(f"The schema of {s.name} could not be brought up to date (exit status {code}).", log=log,
                          hint="mend what the log names; data is kept. For a demonstration: tools/sifa reset")

    def _spawn(self, name):
        return self._supervisor.spawn(name, self._command(name))

    # -- single processes: for proofs that break things

    def kill(self, name, number=signal.SIGKILL):
        """kill -9, and waits until the process is gone."""
        self._supervisor.stop(name, number=number)

    def stop_process(self, name, grace=None):
        """Stops one process gracefully; `grace` seconds later with force. False where it did not run."""
        return self._supervisor.stop(name, grace=grace or (60 if name == "mysql" else 20))

    def start_process(self, name):
        """Starts one process that is down, and waits until it is ready."""
        if name in catalogue.DATABASES:
            {"mysql": self.mysql, "redis": self.redis}[name].start()
            return
        record = self._supervisor.record(name) or self._spawn(name)
        self._wait_ready(name, record)
        self._wait_reached(name)

    def _wait_reached(self, name):
        """Until no gateway that runs holds the service for away: it tries again up to two seconds after it has failed."""
        if catalogue.service(name).name not in catalogue.with_database():
            return
        peer = catalogue.service(name).name

        def reached(gateway):
            try:
                return self.metric(gateway, "sifa_gateway_backend_state", peer=peer) in (_IDLE, _CONNECTED)
            except OSError:
                return True  # it is down itself

        gateways = [g for g in self.processes(catalogue.service("gateway")) if self._supervisor.record(g)]
        wait_until(lambda: all(map(reached, gateways)), _READY_SECONDS, f"the gateway's connection to {name}", pause=0.05)

    def start_process_only(self, name):
        """Starts one process that is down, and does not wait for it."""
        self._spawn(name)

    def restart(self, name):
        self.stop_process(name)
        self.start_process(name)

    def pause(self, name):
        """The process stands still (SIGSTOP), its connections stay open."""
        self._running(name).signal(signal.SIGSTOP)

    def resume(self, name):
        self._running(name).signal(signal.SIGCONT)

    def pid(self, name):
        """The pid of a running process, or None."""
        record = self._supervisor.record(name)
        return record.pid if record else None

    def record(self, name):
        return self._supervisor.record(name)

    def _wait_ready(self, name, record):
        self._supervisor.wait_ready(record, lambda: self.problem(name), _READY_SECONDS)

    def _running(self, name):
        record = self._supervisor.record(name)
        if record is None:
            raise Failure(f"{name} is not running.", hint="tools/sifa up")
        return record

    # -- looking inside

    def problem(self, name):
        """None where the process is ready, else why it is not."""
        if name == "mysql":
            return self.mysql.problem()
        if name == "redis":
            return self.redis.problem()
        if name in observe.NAMES:
            return observe.problem(self.state, name)
        try:
            status, body = self.inner(name, "/readyz", timeout=3)
        except (OSError, http.client.HTTPException) as error:
            return f"/readyz: {error}"
        return None if status == 200 else body.strip()[:200] or f"/readyz answers {status}"

    def warning(self, name):
        """What a process that is ready says an operator must know, such as a journal that cannot be sealed; empty: nothing."""
        if name in (*catalogue.DATABASES, *observe.NAMES):
            return ""
        try:
            status, body = self.inner(name, "/readyz", timeout=3)
        except (OSError, http.client.HTTPException):
            return ""
        return body.strip().removeprefix("ready").strip()[:200] if status == 200 else ""

    def inner(self, name, path, timeout=10):
        """(status, text) of a page of the inner port."""
        connection = http.client.HTTPConnection("127.0.0.1", self.state.ports(name).get("inner", 0), timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def metric(self, process, name, **labels):
        """The sum of a metric's samples whose labels include these."""
        total = 0.0
        for line in self.inner(process, "/metrics")[1].splitlines():
            sample = re.fullmatch(r"([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?", line)
            if sample and sample[1] == name:
                found = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', sample[2] or ""))
                if all(found.get(k) == str(v) for k, v in labels.items()):
                    total += float(sample[3])
        return total

    def deaths(self):
        """{process: how often, when and why it ended by itself, and what became of it} since it was last started by hand."""
        return keeper.deaths(self.state)

    def is_kept(self):
        """Whether what dies is started again."""
        return self._supervisor.record(KEEPER) is not None

    def log(self, name):
        return self._supervisor.log(name)

    def last_error(self, name):
        return self._supervisor.last_error(name, ours=name not in (*catalogue.DATABASES, *observe.NAMES))

    def unready(self):
        """{process: problem} of everything that is not ready."""
        found = {name: self.problem(name) for name in catalogue.names(self.state)}
        return {name: problem for name, problem in found.items() if problem}

    def rotate_keys(self, name, after="0s", keys=None):
        """Adds a data key to the keyring of a service, which may run on and writes with it `after` that time, or to a copy of it in the
        directory `keys`. Returns what the program says of it."""
        where = [f"--keys={keys}"] if keys else []
        return self._run_once(name, "--rotate_keys=true", f"--rotate_after={after}", *where).stdout.strip()

    def verify_journal(self, name, seen=None):
        """(whole, report): the service's own check of its sealed journal, run as a program of its own. `seen`: the end of the
        journal that the verifier has kept of an earlier check, a file; where all is whole it becomes the present end."""
        end = self.anchor(name).read_text() if self.anchor(name).exists() else ""
        with self.witnessed(name) as anchor:
            result = self._run_once(name, "--verify_journal=true", f"--witnessed={anchor}", *([f"--seen={seen}"] if seen else []))
        whole = result.returncode == 0
        if seen and whole and _position(end) >= _position(seen.read_text() if seen.exists() else ""):
            write_atomically(seen, end)
        return whole, result.stdout

    def anchor(self, name):
        """The end of a service's journal as the service keeps it outside its database."""
        return self.state.path("keys", name, "journal.anchor")

    @contextlib.contextmanager
    def witnessed(self, name):
        """The path of the anchor that another service keeps of this one's journal; there is no file where it has none yet."""
        with tempfile.TemporaryDirectory() as directory:
            if witness := catalogue.service(name).witness:
                self._run_once(witness, f"--write_witnessed={directory}")
            yield Path(directory) / f"{name}.anchor"

    def _run_once(self, name, *flags):
        """The program of a service, run to its end with some flags more."""
        result = subprocess.run([*self._command(name), *flags], stdin=subprocess.DEVNULL, text=True,
                                capture_output=True, cwd="/", env=clean_environment(), timeout=600)
        if result.returncode not in (0, 3):
            raise Failure(f"sifa-{name} {flags[0]} failed.", excerpt=result.stderr.splitlines()[-10:])
        return result

    # -- callers

    @property
    def url(self):
        return self.urls[0]

    @property
    def urls(self):
        """The address of each gateway."""
        if not self.state.ports("gateway").get("listen"):
            raise Failure("The suite has not been started yet.", hint="tools/sifa up")
        return [f"https://{address}" for address in catalogue.addresses(catalogue.service("gateway"), self.state)]

    @property
    def authority(self):
        return Authority(self.state.path("tls"))

    @property
    def ca(self):
        return self.authority.ca

    def tls(self, name="operator"):
        """The directory with ca.pem, cert.pem and key.pem of a process, or of a caller past the gateway."""
        return self.state.path("tls", name)

    def address(self, name):
        """host:port at which a service answers gRPC, for calls past the gateway."""
        return f"127.0.0.1:{self.state.ports(name)['listen']}"

    def accounts(self):
        """The demonstration accounts: dicts of account, password, role, organisation, level and, for some, totpSecret.
        Identity writes them to accounts.json of the state directory when it fills its empty database."""
        try:
            return json.loads(self.state.path("accounts.json").read_text())
        except OSError:
            raise Failure("There are no demonstration accounts yet.", hint="tools/sifa up loads them") from None

    def account(self, name):
        found = next((a for a in self.accounts() if a["account"] == name), None)
        if found is None:
            raise Failure(f"There is no demonstration account {name}.", hint="tools/sifa accounts lists them")
        return found

    def http(self, account=None, timeout=30):
        """A client of the gateway, signed in as a demonstration account or, without one, anonymous."""
        return Client(self.urls, self.ca, (lambda: self.token(account)) if account else None, timeout)

    def token(self, account, check=False):
        """A bearer token. It is kept, for other processes too, and renewed before it ends: a log-in is dear by intent. With
        `check` also where it has been revoked meanwhile."""
        file = self.state.path("secrets", "tokens.json")
        with self._tokens_lock:
            try:
                kept = json.loads(file.read_text())
            except (OSError, ValueError):
                kept = {}
            token, begin, end = kept.get(account, (None, 0, 0))
            good = begin <= self.clock.now() <= end - _TOKEN_RESERVE_SECONDS  # the clock may have been moved or reset
            if good and check:
                good = Client(self.url, self.ca, token).get("/v1/identity/me").status != 401
            if not good:
                begin = self.clock.now()
                answer = self.sign_in(account)
                token = answer["accessToken"]
                write_atomically(file, json.dumps({**kept, account: (token, begin, begin + answer["expiresIn"])}) + "\n")
            return token

    def sign_in(self, name):
        """The answer to a log-in of its own, with access and refresh token, for an account of the demonstration."""
        account = self.account(name)
        body = {"account": name, "password": account["password"]}
        begin = int(self.clock.now()) // 30
        # A code is good once: where somebody signed in with it in the same half minute, the next code, which is accepted a
        # step early; and where that is used too, the one after it as soon as it is accepted.
        for step in (begin, begin + 1, begin + 2):
            wait_until(lambda: int(self.clock.now()) // 30 >= step - 1, 31, "the next one-time code")
            if account.get("totpSecret"):
                body["totpCode"] = totp.code(account["totpSecret"], step * 30)
            response = self.http().post("/v1/identity/sessions", body)
            if response.reason != "TOTP_USED":
                break
        if not response.ok:
            raise Failure(f"{name} could not sign in: {response!r}", hint="tools/sifa status")
        return response.json

    # -- databases

    def mysql_root(self, sql, database=None):
        """Runs SQL as the database's root; rows as dicts of text. Binary columns need HEX()."""
        return self.mysql.query(sql, database)


def _position(anchor):
    return int(anchor.split()[0]) if anchor.split() else 0


def wait_until(condition, seconds=30, what="the condition", pause=0.02):
    """Waits until condition() is true and returns what it returned."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise Failure(f"{what} did not come about within {seconds} s.")
        time.sleep(pause)


@contextlib.contextmanager
def temporary_databases(purpose):
    """A suite of which only MariaDB and Redis run."""
    with _temporary(purpose) as suite:
        suite.mysql.start()
        suite.redis.start()
        yield suite


@contextlib.contextmanager
def temporary_suite(purpose, *, demonstration=True, overrides=None, keep=False, before=None):
    """A fresh suite in a directory of its own. It ends with the block, or with this program however that ends; where the
    block fails, its logs are kept under the build directory. `keep`: with a keeper, which starts again what dies, and what most
    proofs do without. `before(suite)` is called before anything is started."""
    with _temporary(purpose, overrides) as suite:
        if before:
            before(suite)
        suite.start(keep)
        if demonstration:
            suite.load_demonstration()
        yield suite


@contextlib.contextmanager
def _temporary(purpose, overrides=None):
    state = temporary_state(purpose)
    watcher = guardian.watch(state)
    try:
        yield Suite(state, overrides=overrides)
    except BaseException as error:
        kept = keep_logs(state, purpose)
        if isinstance(error, Failure) and error.log and state.directory in error.log.parents:
            error.log = kept / error.log.name
        raise
    finally:
        guardian.dismiss(watcher)


def keep_logs(state, purpose):
    """Copies the logs of a suite that is about to be removed, and says where to."""
    kept = Path(build_directory()) / "failed" / purpose
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True, exist_ok=True)
    for log in state.path("run").glob("*.log*"):
        shutil.copy(log, kept)
    return kept
