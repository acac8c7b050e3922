"""Message encryption for web push: RFC 8291 over RFC 8188, one record.

The costly part, elliptic curves, depends on the phone alone, not on the words: ``prepare`` does it, now or long before (pool.py), and
keeps what RFC 8291 section 3.4 calls IKM. ``seal`` draws a fresh salt's content key and nonce from it: three HMACs and one AES-GCM.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ENTRY = 97
"""Bytes of a prepared key: the public point of a fresh key pair (65) and the keying material it shares with one phone (32)."""

_CURVE = ec.SECP256R1()
_ECDH = ec.ECDH()
_INFO = b"WebPush: info\x00"
_CEK = b"Content-Encoding: aes128gcm\x00\x01"
_NONCE = b"Content-Encoding: nonce\x00\x01"
_RECORD_AND_LENGTH = (4096).to_bytes(4, "big") + bytes([65])
_LAST_RECORD = b"\x02"
MOST_PLAINTEXT = 3000

# HMAC by its two hashes (RFC 2104): a third of the time of hmac.digest, which sets up a context for every call.
_IPAD = bytes(n ^ 0x36 for n in range(256))
_OPAD = bytes(n ^ 0x5C for n in range(256))
_INNER_REST, _OUTER_REST = b"\x36" * 32, b"\x5c" * 32
_SALT_INNER_REST, _SALT_OUTER_REST = b"\x36" * 48, b"\x5c" * 48


def prepare(ua_public: bytes, auth: bytes) -> bytes:
    """Return a fresh key for one message to the phone of a public key and secret: 97 bytes, to be used once."""
    private = ec.generate_private_key(_CURVE)
    secret = private.exchange(_ECDH, ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, ua_public))
    return entry(
        private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint), secret, ua_public, auth
    )


def entry(as_public: bytes, secret: bytes, ua_public: bytes, auth: bytes) -> bytes:
    """Return a prepared key from a key pair's public point and its shared secret with the phone."""
    first = hmac.digest(auth, secret, "sha256")
    return as_public + hmac.digest(first, _INFO + ua_public + as_public + b"\x01", "sha256")


def seal(plaintext: bytes, *, prepared: bytes, salt: bytes) -> bytes:
    """Return the body of one push: header and one record. ``salt``: 16 random bytes, never used twice."""
    sha256 = hashlib.sha256
    inner = sha256(salt.translate(_IPAD) + _SALT_INNER_REST + prepared[65:]).digest()
    prk = sha256(salt.translate(_OPAD) + _SALT_OUTER_REST + inner).digest()
    inside, outside = prk.translate(_IPAD) + _INNER_REST, prk.translate(_OPAD) + _OUTER_REST
    key = sha256(outside + sha256(inside + _CEK).digest()).digest()[:16]
    nonce = sha256(outside + sha256(inside + _NONCE).digest()).digest()[:12]
    record = AESGCM(key).encrypt(nonce, plaintext + _LAST_RECORD, None)
    return salt + _RECORD_AND_LENGTH + prepared[:65] + record
