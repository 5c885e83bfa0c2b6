"""`tools/sifactl`: what an operator asks of a suite. See tools/sifactl."""

import argparse
import sys
from pathlib import Path

import catalogue
import console
from console import Failure
from suite import Suite


def verify_journal(arguments):
    """0 where every journal is whole, 3 where one was tampered with."""
    suite = Suite()
    if not suite.mysql.socket.exists():
        raise Failure(f"The database of {suite.state.directory} is not running.", hint="tools/sifa up")
    suite.state.require_format()
    heads = Path(arguments.heads).absolute() if arguments.heads else suite.state.path("heads")
    heads.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = False
    for service in [arguments.service] if arguments.service else catalogue.with_database():
        whole, report = suite.verify_journal(service, seen=heads / f"{service}.head")
        summary, *findings = report.rstrip().splitlines()
        console.say(f"{service}: {'whole' if whole else 'TAMPERED WITH'} ({summary})")
        for line in findings:
            console.say(f"  {line}")
        found |= not whole
    return 3 if found else 0


def rotate_keys(arguments):
    suite = Suite()
    for service in [arguments.service] if arguments.service else catalogue.with_database():
        console.say(f"{service}: {suite.rotate_keys(service)} is the current one")
    return 0


def main():
    parser = argparse.ArgumentParser(prog="sifactl", description="What an operator asks of a suite.")
    subjects = parser.add_subparsers(required=True, metavar="SUBJECT")
    journal = subjects.add_parser("journal", help="the sealed record of all acts").add_subparsers(required=True, metavar="VERB")
    verify = journal.add_parser("verify", help="check that nothing was changed, deleted, inserted, reordered or cut off")
    verify.add_argument("service", nargs="?", choices=catalogue.with_database(), metavar="SERVICE", help="default: all")
    verify.add_argument("--heads", metavar="DIRECTORY", help="keeps the last end of each journal that was found whole, and compares with it;"
                        " default: heads in the state directory. Better one that who runs the suite does not reach")
    verify.set_defaults(run=verify_journal)
    keys = subjects.add_parser("keys", help="the keyrings of the services").add_subparsers(required=True, metavar="VERB")
    rotate = keys.add_parser("rotate", help="encrypt with a new data key from now on; old bodies stay readable")
    rotate.add_argument("service", nargs="?", choices=catalogue.with_database(), metavar="SERVICE", help="default: all")
    rotate.set_defaults(run=rotate_keys)
    arguments = parser.parse_args()
    try:
        return arguments.run(arguments)
    except Failure as failure:
        failure.report()
        return 1


if __name__ == "__main__":
    sys.exit(main())
