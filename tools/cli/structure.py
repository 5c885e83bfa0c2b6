"""How the tree hangs together: which floor may use which, what is listed where. `tools/sifa check` keeps it."""

import re

from state import ROOT

# The floors of libs/, from low to high, each with those that it stands on; what those stand on it may use as well. This table is the
# rule (docs/development/conventions.md): an include that is not in it is refused.
FLOORS = {
    "core": (),
    "ingest": ("core",),
    "calendar": ("core",),
    "crypto": ("core",),
    "telemetry": ("core",),
    "mysql": ("telemetry",),
    "redis": ("telemetry",),
    "contract": ("core",),
    "papers": ("contract",),
    "rpc": ("contract", "telemetry", "crypto"),
    "procedure": ("calendar",),
    "journal": ("mysql", "crypto"),
    "evidence": ("journal",),
    "feed": ("journal", "rpc"),
    "statistics": ("journal",),
    "casework": ("procedure", "statistics", "feed", "redis", "papers"),
}
# What tests and benchmarks are made of; no program of the suite includes it.
TEST_FLOOR = "testing"
_TEST_FILE = re.compile(r"(_test\.cc|_fixture\.(cc|h)|(^|_)bench\.cc)$")
_INCLUDE = re.compile(r'^#include "(libs|services)/(\w+)/')


def is_test(path):
    """Whether the C++ file is part of a test or a benchmark: a test, what tests share (a fixture), or what a benchmark is."""
    return TEST_FLOOR in path.parts or bool(_TEST_FILE.search(path.name))


def _below(floor):
    """All floors that this one may use."""
    found = set()
    for lower in FLOORS[floor]:
        found |= {lower} | _below(lower)
    return found


def arrows(files):
    """Includes go down the floors only, and no service includes another's code."""
    for path in files:
        parts = path.relative_to(ROOT).parts
        if path.suffix not in (".cc", ".h") or len(parts) < 3 or parts[0] not in ("libs", "services"):
            continue
        root, room = parts[:2]
        if root == "libs" and room not in FLOORS and room != TEST_FLOOR:
            yield f"libs/{room} is in no row of FLOORS in tools/cli/structure.py"
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            include = _INCLUDE.match(line)
            if not include or include.groups() == (root, room):
                continue
            to_root, to = include.groups()
            if to_root == "services":
                allowed = False
            elif to == TEST_FLOOR:
                allowed = is_test(path)
            else:
                allowed = root == "services" or room == TEST_FLOOR or to in _below(room)
            if not allowed:
                yield f"{path.relative_to(ROOT)}:{number}: {root}/{room} may not use {to_root}/{to}"


def listed(files):
    """Every source is built: a .cc or .proto file stands in the CMakeLists.txt of its directory, or of one above it."""
    for path in files:
        relative = path.relative_to(ROOT)
        if path.suffix not in (".cc", ".proto") or relative.parts[0] not in ("libs", "services", "protos", "tests"):
            continue
        for directory in path.parents:
            lists = directory / "CMakeLists.txt"
            if lists.exists() and _names(lists, path.relative_to(directory)):
                break
            if directory == ROOT:
                yield f"{relative} is in no CMakeLists.txt: it is not built"
                break


def _names(lists, path):
    text = lists.read_text(encoding="utf-8")
    if path.suffix == ".proto" and path.parts[0] == "testdata":
        return path.stem in text
    return re.search(rf"(?<![\w/.-]){re.escape(path.as_posix())}(?![\w.])", text) is not None


_REFUSAL = re.compile(r"\bRefused\(")


def refusals(files):
    """What the law forbids is refused by a guard of the table, which tells it to callers and to docs/procedures, not by a function."""
    for path in files:
        parts = path.relative_to(ROOT).parts
        if path.suffix != ".cc" or parts[0] != "services" or path.name.endswith("_test.cc"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if _REFUSAL.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: Refused() is the table's word: make it a guard, or InvalidField where a field is wrong"


_DECLARED = re.compile(r'permission: "([\w.{}]+)"')
_SERVICE = re.compile(r"^service (\w+) \{(.*?)^\}", re.MULTILINE | re.DOTALL)
_OFFICE = re.compile(r"office: \[(.*?)\]", re.DOTALL)
_GRANTED = re.compile(r'permissions: "([\w.*]+)"')


def permissions(files):
    """Every permission of config/roles.textproto is asked by some method; each asked one is some role's."""
    protos = [p for p in files if p.suffix == ".proto" and p.relative_to(ROOT).parts[0] == "protos"]
    asked = _asked([(p.parts[-3], p.read_text(encoding="utf-8")) for p in protos])
    # A reading of unmasked data asks the one, whoever sees what is sealed has the other, in every service (libs/casework/object_type.h,
    # libs/rpc/call.h).
    unmasking = {f"{name.split('.')[0]}.{right}.read" for name in asked for right in ("personal", "sealed")}
    roles = ROOT / "config" / "roles.textproto"
    granted = set()
    for number, line in enumerate(roles.read_text(encoding="utf-8").splitlines(), 1):
        for pattern in _GRANTED.findall(line):
            covered = {name for name in asked | unmasking if name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1]))}
            granted |= covered
            if not covered:
                yield f"config/roles.textproto:{number}: no method asks {pattern}"
    for name in sorted(asked - granted):
        yield f"config/roles.textproto: no role holds {name}"


def _asked(protos):
    """The permissions that methods ask, of (package, text) of each proto: those of the office for each service that registers."""
    office = {name: _DECLARED.findall(body) for package, text in protos if package == "office" for name, body in _SERVICE.findall(text)}
    asked = {name for package, text in protos if package != "office" for name in _DECLARED.findall(text)}
    for package, text in protos:
        for registered in _OFFICE.findall(text):
            for name in re.findall(r'"(\w+)"', registered):
                asked |= {permission.replace("{service}", package) for permission in office[name]}
    return asked
