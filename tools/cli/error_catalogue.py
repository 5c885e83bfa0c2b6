"""The catalogue of errors, read from the C++ sources: every reason that a caller can get, with its gRPC code, what a clerk reads
and the article that refuses. Printed by `tools/sifa docs`, held true by `tools/sifa check`."""

import re
from collections import defaultdict

from state import ROOT
from structure import is_test

PAGES = ROOT / "docs" / "errors"

# Folder of the sources → page, and who answers so.
_PARTS = {f"services/{p.name}": p.name for p in sorted((ROOT / "services").iterdir())} | {"libs": "shared"}
_TITLES = {"shared": "every service"}

_STRING = r'"(?:[^"\\]|\\.)*"'
_ONLY_STRINGS = re.compile(rf"(?:{_STRING}\s*)+$")
_REASON = re.compile(r'"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"$')
_CALL = re.compile(r"\b(\w+)\s*\($")
_CODE = re.compile(r"StatusCode::k(\w+)")
_LAW = re.compile(r"\bLaws?\s+(\w+)\s*=\s*(\{[^;]*\});")
_INSTRUMENT = re.compile(r"\bconstexpr char (k\w+)\[\] = (" + _STRING + r");")
# The makers of errors (libs/core/status.h) that imply their code. Others name it before the reason, or hand the reason on to one
# that does.
_MAKERS = {"InvalidField": "InvalidArgument", "Refused": "FailedPrecondition", "Unavailable": "Unavailable"}


def pages():
    """{page: Markdown text}."""
    found = defaultdict(lambda: defaultdict(set))
    for folder, page in _PARTS.items():
        texts = defaultdict(list)  # by directory: a class may be declared in one file and used in the next
        for path in sorted((ROOT / folder).rglob("*.cc")) + sorted((ROOT / folder).rglob("*.h")):
            if not is_test(path):
                texts[path.parent].append(without_comments(path.read_text(encoding="utf-8")))
        for directory in texts.values():
            wrappers = wrappers_of("\n".join(directory))
            laws = laws_of("\n".join(directory))
            for text in directory:
                for reason, code, message, law in errors_of(text, wrappers, laws):
                    found[page][reason, code].add((message, law))
    return {f"{page}.md": _page(page, entries) for page, entries in found.items()}


def _page(page, entries):
    lines = [f"# Errors of {_TITLES.get(page, page)}", "", "Read from the sources by `tools/sifa docs`; do not edit. “…” stands for what the"
             " message names.", "", "| 理由 reason | gRPC | 内容 message | 依据 law |", "|---|---|---|---|"]
    for (reason, code), texts in sorted(entries.items()):
        messages = "<br>".join(sorted({m for m, _ in texts if m}))
        laws = "<br>".join(sorted({law for _, law in texts if law}))
        lines.append(f"| `{reason}` | {code} | {messages} | {laws} |")
    return "\n".join(lines) + "\n"


def without_comments(text):
    """Nor raw strings, which end otherwise than the others and hold no reason; nor a quote as a character, which begins no string."""
    text = text.replace("'\"'", "' '").replace("'\\\"'", "' '")
    text = re.sub(r'\bR"([^()\s\\]{0,16})\(.*?\)\1"', '""', text, flags=re.S)
    return re.sub(rf"({_STRING})|//[^\n]*", lambda m: m[1] or "", text)


def errors_of(text, wrappers, laws):
    """(reason, gRPC code, message, law) of one file."""
    for match in re.finditer(_STRING, text):
        if not _REASON.match(match[0]):
            continue
        start = _opening(text, match.start())
        arguments = _arguments(text, start)
        at = next((i for i, a in enumerate(arguments) if a == match[0]), None)
        if at is None or at + 1 >= len(arguments):
            continue
        message, rest = _words(arguments[at + 1]), arguments[at + 2:]
        if text[start] == "{":  # a guard of a procedure: rule, reason, text, law, test, detail
            if at == 1 and 2 <= len(rest) <= 3 and _law(rest[0], laws):
                yield match[0][1:-1], "FAILED_PRECONDITION", message, _law(rest[0], laws)
            if at == 2 and not rest and all(_ONLY_STRINGS.match(a) for a in arguments):  # a reference: field, to, reason, sentence
                yield match[0][1:-1], "FAILED_PRECONDITION", message, ""
            continue
        name = _CALL.search(text[:start + 1])
        code = name and _code_of(name[1], arguments[:at], wrappers)
        if code:
            yield match[0][1:-1], _upper(code), message, _law(rest[0], laws) if name[1] == "Refused" and rest else ""


def _code_of(name, before, wrappers):
    """The code of a call, from the arguments before the reason or from what is called."""
    named = _CODE.search(" ".join(before))
    if named:
        return named[1]
    if before and re.fullmatch(r"[45]\d\d", before[0]):  # the gateway's refusals by HTTP status
        return "Unimplemented" if before[0] == "501" else "InvalidArgument"
    return _MAKERS.get(name) or wrappers.get(name)


def wrappers_of(text):
    """{function or lambda: gRPC code} of those that hand their reason on to a maker of errors, or keep it for one."""
    found = {}
    for match in re.finditer(r"\b(\w+)(?: = \[[^\]]*\])?\(([^()]*\breason\b[^()]*)\)[^;{}]*\{", text):
        body = text[match.end():match.end() + 400].split("\n}")[0]
        keeps = re.search(r"\breason_ = ", body)
        maker = re.search(r"\b(Error|InvalidField)\(([^;]*?)\breason" + "_"[:bool(keeps)] + r"\b", text if keeps else body)
        if maker:
            code = _CODE.search(maker[2])
            found[match[1]] = "InvalidArgument" if maker[1] == "InvalidField" else code and code[1]
    return found


def laws_of(text):
    """{constant: the article, or the instrument, it stands for}."""
    return dict(_LAW.findall(text)) | dict(_INSTRUMENT.findall(text))


def _opening(text, position):
    """Where the bracket stands that encloses a position."""
    depth = 0
    for i in range(position - 1, -1, -1):
        if text[i] in ")}":
            depth += 1
        elif text[i] in "({":
            if depth == 0:
                return i
            depth -= 1
    return 0


def _arguments(text, start):
    """The arguments between a bracket and its partner."""
    found, depth, begin, i = [], 0, start + 1, start
    while i < len(text):
        if text[i] == '"':
            i = re.compile(_STRING).match(text, i).end()
            continue
        if text[i] in "({[":
            depth += 1
        elif text[i] in ")}]":
            depth -= 1
        if depth == 0 or (depth == 1 and text[i] == ","):
            found.append(text[begin:i].strip())
            begin = i + 1
        if depth == 0:
            return found
        i += 1
    return found


def _words(expression):
    """What a message says: its literals, and “…” for each value between them."""
    parts = re.split(rf"((?:{_STRING}\s*)+)", expression)
    literals = ["".join(re.findall(rf"{_STRING}", p)).replace('""', "")[1:-1] for p in parts[1::2]]
    if not literals:
        return ""
    words = "…".join(literals)
    outer = re.sub(r"^absl::\w+\(|^\w+\(", "", parts[0]).strip(" ,(")
    tail = parts[-1].strip(" ,)")
    return ("…" if outer else "") + words + ("…" if tail else "")


def _law(expression, laws):
    versions = re.findall(r"\{[^{}]*\}", laws.get(expression, expression))  # of a rule that was renumbered: the present one is last
    present = re.sub(r"\bk\w+", lambda match: laws.get(match[0], match[0]), versions[-1] if versions else "")
    names = re.findall(rf"{_STRING}", present)
    if not names:
        return ""
    article = names[1][1:-1] if len(names) > 1 else ""
    return f"《{names[0][1:-1]}》" + (f"第{article}条" if article else "")


def _upper(code):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", code).upper()


def write():
    PAGES.mkdir(exist_ok=True)
    wanted = pages()
    for old in PAGES.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (PAGES / name).write_text(text, encoding="utf-8")
