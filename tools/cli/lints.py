"""What no compiler sees: rules of the tree that `tools/sifa check` keeps, as part of every test run."""

import re
import subprocess

import console
import error_catalogue
import sql_names as sql_in_sources
import structure
from state import ROOT

_SOURCES = (".cc", ".h", ".py", ".sh", ".proto", ".cmake")
_LONGEST_FILE = 500


def _files():
    """Files of the tree that git knows or would add."""
    listing = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, check=True, timeout=60).stdout.decode()
    return sorted(p for p in (ROOT / name for name in set(listing.split("\0")) if name) if p.is_file())


def _read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def _where(path, line):
    return f"{path.relative_to(ROOT)}:{line}"


_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_PATH = re.compile(r"`([\w.@-]+(?:/[\w.@-]+)+/?)`")


def links(files):
    """Every relative link of a Markdown page, and every path in `backticks` that starts in the tree, exists."""
    roots = {p.relative_to(ROOT).parts[0] for p in files if len(p.relative_to(ROOT).parts) > 1}
    for page in (p for p in files if p.suffix == ".md"):
        fenced = False
        for number, line in enumerate(_read(page).splitlines(), 1):
            if line.lstrip().startswith("```"):
                fenced = not fenced
            if fenced:
                continue
            for target in _LINK.findall(line):
                target = target.split("#")[0]
                if target and not re.match(r"[a-z][a-z0-9+.-]*:", target) and not (page.parent / target).exists():
                    yield f"{_where(page, number)}: the link {target} leads nowhere"
            for target in _PATH.findall(line):
                if target.split("/")[0] in roots and not (ROOT / target).exists() and not (page.parent / target).exists():
                    yield f"{_where(page, number)}: `{target}` is not there"


_FORBIDDEN_SQL = (
    (r"SKIP\s+LOCKED", "not every MySQL-compatible server knows it"),
    (r"\bGET_LOCK\s*\(", "a cluster does not share it: take a lease"),
    (r"\bJSON_\w+\s*\(", "servers order and round JSON differently: bodies are bytes"),
    (r"\bFULLTEXT\b", "it does not find Chinese: use the bigram index"),
    (r"\bAUTO_INCREMENT\b", "its order is not the order of commits: use time-ordered ids"),
)


def sql(files):
    """No SQL that the suite's databases do not share (design: data and scale)."""
    for path in files:
        if path.relative_to(ROOT).parts[0] not in ("libs", "services") or path.suffix not in (".sql", ".cc", ".h"):
            continue
        for number, line in enumerate(_read(path).splitlines(), 1):
            if re.match(r"\s*(//|--|\*|/\*)", line):
                continue
            line = re.sub(r"(//|-- ).*", "", line)
            for pattern, why in _FORBIDDEN_SQL:
                flags = 0 if path.suffix != ".sql" else re.I
                if re.search(pattern, line, flags):
                    yield f"{_where(path, number)}: {pattern} is forbidden: {why}"


def sql_names(files):
    """No table, column or alias of SQL is a word that MySQL, MariaDB or TiDB reserves (data/sql/reserved_words.csv)."""
    for path in files:
        parts = path.relative_to(ROOT).parts
        if parts[0] in ("libs", "services", "tools", "tests") and parts[:2] != ("tests", "tools") and path.suffix in (".cc", ".h", ".py"):
            for line, name, servers in sql_in_sources.mistakes(path, _read(path)):
                yield f"{_where(path, line)}: `{name}` is reserved by {servers}"


_SLEEPING = {
    ".cc": re.compile(r"^\s*(//|/\*)\s*(TEST_CASE|SECTION|SCENARIO|REQUIRE(_\w+)?|CHECK(_\w+)?)\s*\("
                      r"|TEST_CASE\(.*\[(\.|!mayfail|!shouldfail|!hide)|^\s*#if 0\b"),
    ".py": re.compile(r"^\s*#\s*(def test_\w+\s*\(|self\.assert\w+\()|@unittest\.(skip|expectedFailure)"),
}


def sleeping_tests(files):
    """No test is commented out, hidden, skipped or expected to fail."""
    for path in files:
        if not re.search(r"(_test\.cc|(^|/)test_\w+\.py)$", str(path)):
            continue
        for number, line in enumerate(_read(path).splitlines(), 1):
            if _SLEEPING[path.suffix].search(line):
                yield f"{_where(path, number)}: a test that does not run: {line.strip()[:80]}"


def long_files(files):
    """Files that may be about more than one thing. A warning, never a failure."""
    for path in files:
        if path.suffix in _SOURCES:
            lines = _read(path).count("\n")
            if lines > _LONGEST_FILE:
                yield f"{path.relative_to(ROOT)} has {lines} lines: is it about one thing?"


def errors(_files):
    """docs/errors is what the sources say (tools/sifa docs)."""
    wanted = error_catalogue.pages()
    for name in sorted({*wanted, *(p.name for p in error_catalogue.PAGES.glob("*.md"))}):
        page = error_catalogue.PAGES / name
        if not page.exists() or name not in wanted or _read(page) != wanted[name]:
            yield f"{page.relative_to(ROOT)} is out of date: tools/sifa docs"


LINTS = (links, sql, sql_names, sleeping_tests, errors, structure.arrows, structure.listed, structure.refusals, structure.permissions)


def run():
    """Runs every lint and prints what they find. (passed, failed) lints."""
    files = _files()
    passed = failed = 0
    for lint in LINTS:
        found = list(lint(files))
        console.say(f"  {'FAIL' if found else 'ok  '}  check {lint.__name__}: {lint.__doc__.splitlines()[0]}")
        for line in found:
            console.say(f"        {line}")
        passed, failed = (passed, failed + 1) if found else (passed + 1, failed)
    for line in long_files(files):
        console.say(f"  warn  {line}")
    return passed, failed
