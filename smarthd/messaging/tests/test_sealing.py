"""The bytes of a push against the RFCs' vectors, and read by a library that is not ours; the signed token; the pool of prepared keys."""

from __future__ import annotations

import json
import os
import stat
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as some

from smarthd.messaging import rules
from smarthd.messaging.adapters.webpush import pool as pools
from smarthd.messaging.adapters.webpush import sealing
from smarthd.messaging.adapters.webpush.tokens import Tokens
from smarthd.messaging.services.vapid import point
from smarthd.messaging.tests.make import phone

VECTORS = json.loads((Path(__file__).parent / "data/rfc_vectors.json").read_text())
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(text), "big"), ec.SECP256R1())


def test_rfc_8291_appendix_a_byte_for_byte() -> None:
    v = VECTORS["rfc8291"]
    ua = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(v["ua_public"]))
    secret = private_key(v["as_private"]).exchange(ec.ECDH(), ua)
    assert secret == raw(v["ecdh_secret"])
    prepared = sealing.entry(raw(v["as_public"]), secret, raw(v["ua_public"]), raw(v["auth_secret"]))
    assert prepared[65:] == raw(v["ikm"])
    body = sealing.seal(raw(v["plaintext"]), prepared=prepared, salt=raw(v["salt"]))
    assert body == raw(v["body"])


@pytest.mark.parametrize("v", VECTORS["rfc8188"], ids=lambda v: v["section"])
def test_the_independent_reader_reads_rfc_8188(v) -> None:
    keyid = v.get("keyid", "").encode()
    assert http_ece.decrypt(raw(v["body"]), key=raw(v["key"]), keyid=keyid) == v["plaintext"].encode()


@given(some.binary(max_size=sealing.MOST_PLAINTEXT))
@settings(max_examples=25, deadline=None)
def test_what_is_sealed_is_read_by_the_phone_alone(plaintext: bytes) -> None:
    mine = phone()
    body = sealing.seal(plaintext, prepared=sealing.prepare(mine.public, mine.auth), salt=os.urandom(16))
    assert len(body) <= 4096
    assert http_ece.decrypt(body, private_key=mine.private, auth_secret=mine.auth) == plaintext
    with pytest.raises(http_ece.ECEException):
        http_ece.decrypt(body, private_key=mine.private, auth_secret=bytes(16))


def test_every_prepared_key_is_another() -> None:
    made = {sealing.prepare(phone().public, bytes(16)) for _ in range(20)}
    assert len(made) == 20
    assert {len(one) for one in made} == {sealing.ENTRY}


def test_rfc_8292_verifies_and_so_does_ours() -> None:
    v = VECTORS["rfc8292"]
    assert _claims(v["t"], raw(v["k"]))["aud"] == "https://push.example.net"
    private = ec.generate_private_key(ec.SECP256R1())
    public = point(private.public_key())
    header = Tokens(private, public, contact="mailto:a@haiduong.gov.vn").header("https://fcm.googleapis.com", now=NOW)
    token, key = header.removeprefix("vapid t=").split(", k=")
    claims = _claims(token, public)
    assert raw(key) == public
    assert claims["aud"] == "https://fcm.googleapis.com"
    assert NOW.timestamp() < claims["exp"] <= (NOW + timedelta(hours=12)).timestamp()
    assert claims["sub"] == "mailto:a@haiduong.gov.vn"


def _claims(token: str, public: bytes) -> dict:
    head, body, signature = token.split(".")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    r, s = (int.from_bytes(part, "big") for part in (raw(signature)[:32], raw(signature)[32:]))
    key.verify(encode_dss_signature(r, s), f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    return json.loads(raw(body))


@pytest.mark.parametrize(
    ("jump", "same"), [(1, True), (10.9, True), (11.1, False), (13, False), (-1, False), (-24, False)]
)
def test_a_token_serves_for_hours_and_no_clock_jump_outlives_it(jump: float, same: bool) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    tokens = Tokens(private, point(private.public_key()), contact="https://x.vn")
    first = tokens.header("https://a.example", now=NOW)
    assert (tokens.header("https://a.example", now=NOW + timedelta(hours=jump)) == first) is same
    assert tokens.header("https://b.example", now=NOW) != first


@pytest.mark.parametrize("title", ["Bão", "Đ" * 2000])
@pytest.mark.parametrize("body", ["", "Không ra khỏi nhà." * 500])
def test_a_payload_fits_and_is_declarative_web_push(title: str, body: str) -> None:
    said = rules.payload_json(
        title=title, body=body, url="https://x.vn/canh-bao/1/", tag="t", language="vi", message_id="m", stays=True
    )
    read = json.loads(said)
    assert len(said) <= rules.MOST_BYTES
    assert (read["web_push"], read["notification"]["navigate"]) == (8030, "https://x.vn/canh-bao/1/")
    assert title.startswith(read["notification"]["title"])
    assert read["notification"]["requireInteraction"] is True


# --- the pool ---
@pytest.fixture
def pool(tmp_path: Path):
    made = pools.KeyPool(tmp_path / "keys/pool")
    yield made
    made.close()


def entries(*ids: int) -> dict[int, bytes]:
    return {one: b"\x04" + one.to_bytes(96, "big") for one in ids}


def test_an_entry_is_taken_once_and_wiped_from_the_file(pool, tmp_path: Path) -> None:
    kept = entries(1, 7, 90_000)
    pool.put(kept)
    assert pool.level() == 3
    assert pool.take([1, 2, 7, 10**7]) == {1: kept[1], 7: kept[7]}
    assert pool.take([1, 7]) == {}
    held = (tmp_path / "keys/pool").read_bytes()
    assert kept[7] not in held
    assert kept[90_000] in held
    assert pool.lacking([1, 90_000, 10**7]) == [1, 10**7]


def test_only_we_may_read_the_pool(pool, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "keys/pool").stat().st_mode) == 0o600


def test_two_processes_share_a_pool_as_it_grows(pool, tmp_path: Path) -> None:
    other = pools.KeyPool(tmp_path / "keys/pool")
    pool.put(entries(5))
    other.put(entries(200_000))
    assert set(pool.take([5, 200_000])) == {5, 200_000}
    assert other.take([5, 200_000]) == {}
    other.close()


def test_a_pool_of_an_earlier_boot_is_thrown_away(pool, tmp_path: Path, monkeypatch) -> None:
    pool.put(entries(5))
    (tmp_path / "boot").write_text("another boot")
    monkeypatch.setattr(pools, "_BOOT", tmp_path / "boot")
    again = pools.KeyPool(tmp_path / "keys/pool")
    assert again.take([5]) == {}
    again.close()
