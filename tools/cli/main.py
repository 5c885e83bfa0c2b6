"""Reads the command line of tools/sifa."""

import argparse
import os
import signal
import sys

import commands
from console import Failure

_DESCRIPTION = """Builds, runs, tests and shows Sifa. Everything at rest lies under .sifa (or $SIFA_STATE).
一条命令：构建、启动、测试、演示 Sifa。"""


def _parser():
    parser = argparse.ArgumentParser(prog="tools/sifa", description=_DESCRIPTION,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name, function, text):
        made = sub.add_parser(name, help=text, description=text)
        made.set_defaults(run=function)
        return made

    up = command("up", commands.up, "build, start and migrate everything; load the demonstration county the first time")
    up.add_argument("--no-build", action="store_true", help="start the programs as they are")
    up.add_argument("--fresh", action="store_true", help="delete all data first")
    up.add_argument("--observe", action="store_true", help="Prometheus and Alertmanager beside the suite")
    up.add_argument("--replicas", type=int, choices=range(1, 10), metavar="N", help="processes of each service and gateways from now on; at first 1")
    command("down", commands.down, "stop everything; data is kept")
    status = command("status", commands.status, "each process: port, health, memory, last error")
    status.add_argument("--json", action="store_true")
    logs = command("logs", commands.logs, "the log of one process")
    logs.add_argument("name")
    logs.add_argument("-f", "--follow", action="store_true")
    logs.add_argument("-n", "--lines", type=int, default=100)
    reset = command("reset", commands.reset, "stop everything and delete all data")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    backup = command("backup", commands.backup, "keys and a dump of all databases into a new directory, while everything runs")
    backup.add_argument("directory", metavar="DIR")
    restore = command("restore", commands.restore, "bring a backup into an empty state directory, start everything and verify every journal")
    restore.add_argument("directory", metavar="DIR")
    command("url", commands.url, "print the address of each gateway")
    accounts = command("accounts", commands.accounts, "the demonstration accounts")
    accounts.add_argument("--json", action="store_true")
    token = command("token", commands.token, "print a bearer token of a demonstration account")
    token.add_argument("account")
    clock = command("clock", commands.clock, "show the demonstration clock, or set it forward for all processes")
    clock.add_argument("time", nargs="?", default="show", metavar="show|+30d|+4h|2026-12-31|reset")
    drawn = command("dashboards", commands.dashboards, "draw the dashboards as pictures and a page, from the Prometheus of `up --observe`")
    drawn.add_argument("directory", metavar="DIR", help="for the pictures and index.html")
    drawn.add_argument("--hours", type=float, default=1, metavar="N", help="how far back; at first 1")
    drawn.add_argument("--service", default="mediation", help="of the dashboard of one service")
    drawn.add_argument("--prometheus", metavar="URL", help="another Prometheus")
    manifests = command("manifests", commands.manifests, "the objects of charts/sifa for Kubernetes as one YAML, by helm")
    manifests.add_argument("values", nargs="*", metavar="VALUES.yaml")
    manifests.add_argument("--release", default="sifa")
    manifests.add_argument("--namespace", default="sifa")
    manifests.add_argument("--example", help="a rendered example instead, which needs no helm")
    test = command("test", commands.test, "build everything and run every test")
    test.add_argument("filter", nargs="?", help="only those whose name contains this")
    for name, text in (("prove", "break things on purpose and show that nothing is lost"),
                       ("bench", "measure, as ratios to a reference of the same run")):
        made = command(name, getattr(commands, name), text)
        made.add_argument("names", nargs="*", metavar="NAME")
        made.add_argument("--short", action="store_true", help="a little of everything")
        if name == "bench":
            made.add_argument("--json", action="store_true")
    command("check", commands.check, "the lints of the tree")
    command("docs", commands.docs, "print what is made from tables, sources and values: procedures, errors, metrics, the chart's README and examples")
    command("fmt", commands.fmt, "format the C++ lines that are not committed yet")
    command("help", lambda _: parser.print_help() or 0, "this text")
    return parser


def main():
    # An end by SIGTERM unwinds like one by the keyboard, so that what was started for a while is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    words = sys.argv[1:] or ["help"]
    if words[0] == "clock" and len(words) == 2 and words[1][:1] == "-" and words[1][1:2].isdigit():
        words.insert(1, "--")  # -1d is a time that is refused, and no option
    arguments = _parser().parse_args(words)
    try:
        return arguments.run(arguments)
    except Failure as failure:
        failure.report()
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


if __name__ == "__main__":
    sys.exit(main())
