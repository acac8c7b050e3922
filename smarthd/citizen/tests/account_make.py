"""What the account tests share: signing in through the pages as a person does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

from django.test import Client

from smarthd.people import rules, services
from smarthd.people.models import Account


def sign_in(client: Client, number: str, **fields: str) -> object:
    """Type a number and the code shown in test mode; return the last answer."""
    answer = client.post("/dang-nhap/", {"phone": number, **fields})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    found = re.search(r"data-demo-code>(\d{6})<", page)
    assert found, page
    return client.post("/dang-nhap/ma/", {"code": found.group(1)})


def account_of(number: str) -> Account:
    """Return the account of a number."""
    return Account.objects.get(phone_index=services.phone_index(rules.normalise_phone(number)))


def totp(secret: str, at: float | None = None) -> str:
    """Compute a time-based one-time password (RFC 6238: SHA-1, 30 s, 6 digits) by ourselves."""
    counter = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    value = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{value % 1_000_000:06d}"
