"""Time-based one-time passwords (RFC 6238: SHA-1, 6 digits, 30 seconds) for demonstration accounts."""

import base64
import hashlib
import hmac
import struct


def code(secret, unix_seconds):
    """The code at a time. `secret` is base32, spaces and missing padding allowed."""
    text = secret.replace(" ", "").upper()
    key = base64.b32decode(text + "=" * (-len(text) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(unix_seconds) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
