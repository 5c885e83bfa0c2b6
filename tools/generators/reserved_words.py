#!/usr/bin/env python3
"""Writes data/sql/reserved_words.csv: the words that one of the servers does not take as the bare name of a table, a column or an
alias. Each server says so itself, or what its makers publish does:

- MySQL (of the version at hand): its information_schema.keywords, and each word tried on it;
- MariaDB: each word tried on it, of its own information_schema.keywords and of all others known here;
- MySQL 8.0: SQLAlchemy's list (`pip install sqlalchemy`), made from the manual;
- TiDB: `keywords.go` of its parser (`go mod download github.com/pingcap/tidb/pkg/parser@latest`), which its grammar makes.

    reserved_words.py --mysql SOCKET --mariadb SOCKET --tidb keywords.go > data/sql/reserved_words.csv

Both servers are asked as root without a password, through the client `mariadb`.
"""

import argparse
import pathlib
import re
import subprocess


def ask(socket, sql, *options):
    return subprocess.run(["mariadb", "-uroot", "-S", socket, "--batch", "--skip-column-names", *options],
                          input=sql, capture_output=True, text=True, check="--force" not in options, timeout=300)


# What a name may be: a table, a column, an alias of either.
_USES = ("CREATE TABLE {w} (x INT); DROP TABLE {w};", "CREATE TABLE probe (x INT, {w} INT); DROP TABLE probe;",
         "SELECT 1 AS {w};", "SELECT 1 FROM (SELECT 1 AS x) {w};")


def refused(socket, words):
    """Those of the words that the server takes for a part of its own grammar in one of the uses (error 1064)."""
    lines = ["DROP DATABASE IF EXISTS reserved_words_probe; CREATE DATABASE reserved_words_probe; USE reserved_words_probe;"]
    of_line = {}
    for word in words:
        for use in _USES:
            lines.append(use.format(w=word))
            of_line[len(lines)] = word
    lines.append("DROP DATABASE reserved_words_probe;")
    errors = ask(socket, "\n".join(lines), "--force").stderr
    return {of_line[int(line)] for line in re.findall(r"ERROR 1064 \(42000\) at line (\d+)", errors) if int(line) in of_line}


def main():
    parser = argparse.ArgumentParser()
    for name in ("mysql", "mariadb", "tidb"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    from sqlalchemy.dialects.mysql import reserved_words

    def keywords(socket, condition=""):
        return {word.lower() for word in ask(socket, f"SELECT word FROM information_schema.keywords {condition}").stdout.split()}

    def version(socket):
        return ask(socket, "SELECT VERSION()").stdout.split("-")[0].strip()

    tidb = re.findall(r'\{"(\w+)", (true|false), ', pathlib.Path(options.tidb).read_text())
    lists = {"mysql-8.0": {w.lower() for w in reserved_words.RESERVED_WORDS_MYSQL},
             "tidb": {word.lower() for word, reserved in tidb if reserved == "true"}}
    words = sorted(w for w in set().union(keywords(options.mysql), keywords(options.mariadb), *lists.values(),
                                          {w.lower() for w in reserved_words.RESERVED_WORDS_MARIADB})
                   if re.fullmatch(r"[a-z_][a-z0-9_]*", w))
    lists[f"mysql-{version(options.mysql)}"] = keywords(options.mysql, "WHERE reserved = 1") | refused(options.mysql, words)
    lists[f"mariadb-{version(options.mariadb)}"] = refused(options.mariadb, words)
    print("word,servers")
    for word in words:
        servers = sorted(name for name, reserved in lists.items() if word in reserved)
        if servers:
            print(f"{word},{' '.join(servers)}")


if __name__ == "__main__":
    main()
