"""Who we are, said to each push service: a signed token (RFC 8292), made once an origin and used for hours."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

LIFE = timedelta(hours=12)
RENEW_BEFORE = timedelta(hours=1)
_SIGNATURE = ec.ECDSA(hashes.SHA256())


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Tokens:
    """Tokens of one key. ``contact`` is an address of ours (mailto: or https:)."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, public: bytes, *, contact: str) -> None:
        self._private, self._public, self._contact = private, b64(public), contact
        self._made: dict[str, tuple[datetime, str]] = {}

    def header(self, origin: str, *, now: datetime) -> str:
        """Return the value of Authorization; ``now`` is the time the world goes by. A clock that jumped makes a new token."""
        known = self._made.get(origin)
        if known is None or not RENEW_BEFORE < known[0] - now <= LIFE:
            ends = now + LIFE
            known = self._made[origin] = ends, f"vapid t={self._token(origin, ends)}, k={self._public}"
        return known[1]

    def _token(self, origin: str, ends: datetime) -> str:
        claims = {"aud": origin, "exp": int(ends.timestamp()), "sub": self._contact}
        said = ".".join(b64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self._private.sign(said.encode(), _SIGNATURE))
        return f"{said}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
