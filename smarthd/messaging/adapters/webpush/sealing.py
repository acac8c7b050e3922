"""Message encryption for web push: RFC 8291 over RFC 8188, one record.

The costly part, elliptic curves, does not depend on the words: ``prepare`` does it, now or long before (pool.py). ``seal`` is five HMACs
and one AES-GCM.
"""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ENTRY = 97
"""Bytes of a prepared key: the public point of a fresh key pair (65) and its shared secret with the phone's key (32)."""

_CURVE = ec.SECP256R1()
_ECDH = ec.ECDH()
_INFO = b"WebPush: info\x00"
_CEK = b"Content-Encoding: aes128gcm\x00\x01"
_NONCE = b"Content-Encoding: nonce\x00\x01"
_RECORD_AND_LENGTH = (4096).to_bytes(4, "big") + bytes([65])
_LAST_RECORD = b"\x02"
MOST_PLAINTEXT = 3000


def prepare(ua_public: bytes) -> bytes:
    """Return a fresh key for one message to the phone of a public key: 97 bytes, to be used once."""
    private = ec.generate_private_key(_CURVE)
    secret = private.exchange(_ECDH, ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, ua_public))
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) + secret


def seal(plaintext: bytes, *, ua_public: bytes, auth: bytes, prepared: bytes, salt: bytes) -> bytes:
    """Return the body of one push: header and one record. ``salt``: 16 random bytes, never used twice."""
    as_public, secret = prepared[:65], prepared[65:]
    digest = hmac.digest
    ikm = digest(digest(auth, secret, "sha256"), _INFO + ua_public + as_public + b"\x01", "sha256")
    prk = digest(salt, ikm, "sha256")
    key, nonce = digest(prk, _CEK, "sha256")[:16], digest(prk, _NONCE, "sha256")[:12]
    record = AESGCM(key).encrypt(nonce, plaintext + _LAST_RECORD, None)
    return salt + _RECORD_AND_LENGTH + as_public + record
