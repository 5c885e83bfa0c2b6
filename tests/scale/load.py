"""What benchmarks share: load by wrk through the gateway and by gRPC past it, processor time, noise of the machine."""

import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path

from console import Failure
from state import binary

median = statistics.median
_TICKS = os.sysconf("SC_CLK_TCK")


def wrk(suite, script, seconds, connections, threads=2, account=None, path="/", **environment):
    """Runs a Lua script of this directory under wrk. Its JSON: rate, p50_us, p99_us, failed, and what it adds."""
    program = shutil.which("wrk")
    if not program:
        raise Failure("wrk was not found.", hint="apt-get install wrk")
    command = [program, f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "15s", "-s",
               str(Path(__file__).with_name(script)), suite.url + path]
    given = {key.upper(): str(value) for key, value in environment.items()}
    token = {"TOKEN": suite.token(account)} if account else {}
    result = subprocess.run(command, env={**os.environ, **given, **token}, capture_output=True, text=True, timeout=seconds + 60)
    lines = [line for line in result.stdout.splitlines() if line.startswith("{")]
    if result.returncode != 0 or not lines:
        raise Failure("wrk failed.", excerpt=(result.stdout + result.stderr).splitlines()[-10:])
    return json.loads(lines[-1])


def grpc(suite, service, method, request, seconds, in_flight, account=None):
    """The same method past the gateway, by an asynchronous client with the operator's certificate."""
    command = [str(binary("sifa-grpc-load")), f"--address={suite.address(service)}", f"--peer={service}",
               f"--tls={suite.tls()}", f"--method={method}", f"--request={request.hex()}", "--token=-",
               f"--in_flight={in_flight}", f"--seconds={seconds}"]
    result = subprocess.run(command, input=(suite.token(account) if account else "") + "\n", capture_output=True, text=True,
                            timeout=seconds + 60, check=True)
    return json.loads(result.stdout)


def sure(result):
    """The result of a load of which no request may have failed."""
    if result["failed"]:
        raise Failure(f"{result['failed']} requests failed: {result}")
    return result


def text_field(number, text):
    """A string field as protobuf writes it."""
    data = text.encode()
    length = bytes([len(data)]) if len(data) < 128 else bytes([len(data) & 127 | 128, len(data) >> 7])
    return bytes([number << 3 | 2]) + length + data


def varint_field(number, value):
    return bytes([number << 3]) + (bytes([value]) if value < 128 else bytes([value & 127 | 128, value >> 7]))


def cpu_seconds(pid):
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Noise:
    """What others took of the machine while a benchmark ran, as parts of all processor time."""

    def __init__(self):
        self._begin = self._read()

    @staticmethod
    def _read():
        values = [int(v) for v in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return sum(values), values[7]

    def __str__(self):
        total, steal = (now - begin for now, begin in zip(self._read(), self._begin))
        return f"steal {100 * steal / max(1, total):.1f} %, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
