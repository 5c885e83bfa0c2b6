#!/usr/bin/env python3
"""Checks the code of an enforcement officer's certificate (亮证码) off line: by the published keys and the list of revocations, both of
which are fetched beforehand.

  officer_code.py fetch https://gateway.example   # keeps keys.json and revocations.jws here; --ca FILE for a private CA
  officer_code.py check CODE                      # or - to read it from standard input; --keys, --revocations, --day

Prints whose the certificate is, whether it counts today, and how old the list is. Exits with 0 where it counts, 1 where it does not, 2
where that cannot be told. Wants python3-cryptography."""

import argparse
import base64
import datetime
import json
import pathlib
import ssl
import sys
import urllib.request

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CHINA = datetime.timezone(datetime.timedelta(hours=8))
WHY = {"REVOKED": "已注销", "REPLACED": "已换发新证", "SUSPENDED": "暂扣中"}


class Untrue(Exception):
    """The text was not signed by the issuer, or is of another kind."""


def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def opened(jws, kind, keys):
    """The payload of a JWS (RFC 7515) of this type, signed with one of the keys."""
    try:
        header, payload, signature = jws.strip().split(".")
        head = json.loads(decode(header))
        if (head["alg"], head["typ"]) != ("EdDSA", kind):
            raise Untrue("不是所要核验的内容")
        if head["kid"] not in keys:
            raise Untrue("签发密钥不在公布的密钥之中；请更新密钥后再核验")
        keys[head["kid"]].verify(decode(signature), f"{header}.{payload}".encode())
        return json.loads(decode(payload))
    except InvalidSignature:
        raise Untrue("签名不符，内容被改动或者是伪造的") from None
    except (ValueError, KeyError, TypeError):
        raise Untrue("内容不完整") from None


def public_keys(text):
    return {key["kid"]: Ed25519PublicKey.from_public_bytes(decode(key["x"])) for key in json.loads(text)["keys"] if key["crv"] == "Ed25519"}


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def age(of, now):
    minutes = int((now - of).total_seconds() // 60)
    return f"{minutes // 1440}天{minutes % 1440 // 60}小时" if minutes >= 60 else f"{max(minutes, 0)}分钟"


def why_not(card, revoked, day):
    """Why the certificate does not count on the day; None where it does."""
    if day < card["from"]:
        return f"尚未生效（自{card['from']}起）"
    if day > card["to"]:
        return f"已过有效期（至{card['to']}）"
    for one in revoked:
        if (one["number"], one["from"]) == (card["number"], card["from"]) and one["since"] <= day:
            return f"{WHY.get(one['why'], '已失效')}（自{one['since']}起）"
    return None


def check(arguments, now):
    code = sys.stdin.read() if arguments.code == "-" else arguments.code
    keys = public_keys(pathlib.Path(arguments.keys).read_text())
    listed = opened(pathlib.Path(arguments.revocations).read_text(), "sifa-revocations", keys)
    try:
        card = opened(code, "sifa-officer", keys)
    except Untrue as untrue:
        print(f"无效：{untrue}")
        return 1
    day = arguments.day or now.date().isoformat()
    reason = why_not(card, listed.get("revoked", []), day)
    issued = instant(listed["issuedAt"])
    print(f"{card['name']}，{card['agency']}，执法证号{card['number']}，执法地域{card['district']}，有效期{card['from']}至{card['to']}")
    print("有效" if reason is None else f"无效：{reason}")
    print(f"失效证件名录发布于{issued.astimezone(CHINA):%Y-%m-%d %H:%M}，距今{age(issued, now)}；此后失效的证件不在其中")
    return 0 if reason is None else 1


def fetch(arguments, _now):
    context = ssl.create_default_context(cafile=arguments.ca)

    def get(path):
        with urllib.request.urlopen(f"{arguments.gateway.rstrip('/')}/v1/enforcement/{path}", context=context, timeout=20) as answer:
            return json.load(answer)

    keys = get("officerKeys")
    revocations = get("revocations")
    opened(revocations["text"], "sifa-revocations", public_keys(json.dumps(keys)))
    pathlib.Path(arguments.keys).write_text(json.dumps(keys))
    pathlib.Path(arguments.revocations).write_text(revocations["text"])
    print(f"密钥{len(keys['keys'])}个，失效证件{revocations.get('count', 0)}件，名录发布于{revocations['issuedAt']}")
    return 0


def main():
    parser = argparse.ArgumentParser(description="核验行政执法证的证件码")
    commands = parser.add_subparsers(required=True)
    fetching = commands.add_parser("fetch", help="取得公布的密钥和失效证件名录")
    fetching.add_argument("gateway")
    fetching.add_argument("--ca", help="网关证书的签发者")
    fetching.set_defaults(run=fetch)
    checking = commands.add_parser("check", help="核验一个证件码")
    checking.add_argument("code")
    checking.add_argument("--day", help="核验哪一日，默认今日")
    checking.set_defaults(run=check)
    for command in (fetching, checking):
        command.add_argument("--keys", default="keys.json")
        command.add_argument("--revocations", default="revocations.jws")
    arguments = parser.parse_args()
    try:
        return arguments.run(arguments, datetime.datetime.now(CHINA))
    except (Untrue, OSError) as error:
        print(f"不能核验：{error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
