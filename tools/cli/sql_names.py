"""SQL in the sources, and the names in it. The house writes SQL's own words in capitals and names in small letters, so each
word in small letters is the name of a table, a column or an alias."""

import ast
import csv
import functools
import re

from state import ROOT

WORDS = ROOT / "data" / "sql" / "reserved_words.csv"

# A text is SQL where it has a word of SQL's in capitals, compares a column with a value, or lists qualified columns.
_IS_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|FROM|JOIN|WHERE|AND|OR|GROUP BY|ORDER BY|VALUES|SET|IN)\b"
                     r"|[a-z_0-9)] (=|<>|<|>|<=|>=) \?|^[, ]*[a-z]\w*\.[a-z]\w*(, [a-z]\w*\.[a-z]\w*)+,? ?$")
_NAME = re.compile(r"(?<![\w@:$%{.])([a-z_][a-z0-9_]*)(?![\w(:])|(?<=\.)([a-z_][a-z0-9_]*)(?![\w(])")
# Where a name stands and a word in capitals would hide from the rule above.
_CAPITALS = re.compile(r"(?:\bAS (?!(?:SELECT|(?:UN)?SIGNED|CHAR|BINARY|DECIMAL)\b)|\bADD COLUMN |\w\.)([A-Z_][A-Z0-9_]*)\b|^\s+([A-Z_][A-Z0-9_]*) +(?:TINY|SMALL|BIG)?(?:INT|BLOB)\b"
                       r"|^\s+([A-Z_][A-Z0-9_]*) +(?:VARCHAR|VARBINARY|BINARY|CHAR|DATE|DATETIME|LONGBLOB)\b", re.M)
_CPP_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|\'(?:[^\'\\\n]|\\.)\'|R"(\w*)\((?P<raw>.*?)\)\1"|"(?P<text>(?:[^"\\\n]|\\.)*)"', re.S)


@functools.cache
def reserved():
    """{word: the servers that reserve it}"""
    with WORDS.open(encoding="utf-8") as file:
        return {row["word"]: row["servers"] for row in csv.DictReader(file)}


def _cpp_texts(source):
    """(line, text) of the string literals; those that follow one another are one."""
    joined, end = None, None
    for found in _CPP_STRING.finditer(source):
        text = found["raw"] if found["raw"] is not None else found["text"]
        if text is None:
            continue
        line = source.count("\n", 0, found.start()) + 1
        if joined is not None and not source[end:found.start()].strip():
            joined = (joined[0], joined[1] + "\n" * (line - joined[0] - joined[1].count("\n")) + text)
        else:
            if joined is not None:
                yield joined
            joined = (line, text)
        end = found.end()
    if joined is not None:
        yield joined


def _python_texts(source):
    tree = ast.parse(source)
    told = {id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def texts(path, source):
    """(line, SQL) of a source; a text that begins on the line."""
    found = _python_texts(source) if path.suffix == ".py" else _cpp_texts(source)
    return [(line, text) for line, text in found if _IS_SQL.search(text)]


def names(sql):
    """(line within the text, name)"""
    sql = re.sub(r"--[^\n]*", "", sql)
    sql = re.sub(r"'[^'\n]*'", lambda quoted: " " * len(quoted[0]), sql)
    for found in _NAME.finditer(sql):
        yield sql.count("\n", 0, found.start()), found[1] or found[2]
    for found in _CAPITALS.finditer(sql):
        yield sql.count("\n", 0, found.start(found.lastindex)), found[found.lastindex].lower()


def mistakes(path, source):
    """(line, name, servers) of the names that a server reserves."""
    return [(line + below, name, reserved()[name]) for line, sql in texts(path, source) for below, name in names(sql)
            if name in reserved()]
