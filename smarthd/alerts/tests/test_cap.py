"""CAP 1.2 as OASIS's schema and another library's eyes see it: shape, signature, what is refused from outside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree

from smarthd.alerts.cap import keys, reading, signing
from smarthd.alerts.rules.messages import Kind, Status
from smarthd.alerts.services import approving, composing
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW

RING = ((106.29, 20.89), (106.31, 20.89), (106.31, 20.92), (106.29, 20.92))


def read(cap: bytes, certificate=None) -> reading.Read:
    root = reading.parse(bytes(cap))
    reading.check_shape(root)
    return reading.read(signing.verify(root, certificate=certificate or keys.signer().certificate, now=NOW))


@pytest.mark.parametrize("status", [Status.ACTUAL, Status.EXERCISE])
def test_a_message_has_the_schemas_shape_and_our_signature(land, phones, status):
    alert = make.issued(land, status=status, ring=RING)
    told = read(alert.cap)
    assert (told.identifier, told.sender, told.status, told.kind) == (alert.identifier, keys.sender(), status, "Alert")
    assert not set(" ,<&") & set(told.identifier + told.sender)
    vi, en = told.blocks
    assert (vi.language, en.language) == ("vi-VN", "en-US")
    mark = "DIỄN TẬP: " if status is Status.EXERCISE else ""
    assert vi.headline == mark + alert.headline_vi
    assert vi.event == f"{mark}Lũ trên sông"
    assert vi.level == 3
    assert vi.contact == alert.contact
    assert vi.expires == alert.expires_at
    assert {code for _name, code in vi.geocodes} >= {land.units["c0"].code, land.units["c1"].code}
    [ring] = vi.polygons
    assert ring[0] == ring[-1] == RING[0]


def test_an_update_refers_to_all_that_is_unexpired_and_to_nothing_else(land, phones):
    first = make.issued(land)
    update = composing.draft_change(first.uid, kind=Kind.UPDATE, actor=land.author, now=NOW)
    update = composing.submit(update.uid, version=1, actor=land.author, now=NOW)
    update = approving.approve_alert(update.uid, content_hash=update.content_hash, actor=make.proving(land.approver), now=NOW)  # fmt: skip
    told = read(update.cap)
    sent = etree.fromstring(bytes(first.cap)).findtext("{*}sent")
    assert told.kind == "Update"
    assert told.references == f"{keys.sender()},{first.identifier},{sent}"


def test_a_changed_letter_breaks_the_signature(land, phones):
    alert = make.issued(land)
    forged = bytes(alert.cap).replace("bãi ngoài đê ngay".encode(), "bãi ngoài đê mai".encode())
    assert forged != bytes(alert.cap)
    with pytest.raises(signing.NotSigned):
        read(forged)


def test_a_certificate_that_came_with_the_message_is_not_trusted(land, phones):
    from cryptography.hazmat.primitives.asymmetric import ec

    alert = make.issued(land)
    theirs = ec.generate_private_key(ec.SECP256R1())
    other = keys.certificate_for(theirs, keys.sender(), now=NOW)
    bare = reading.parse(bytes(alert.cap))
    bare.remove(bare.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    resigned = signing.sign(bare, key=theirs, certificate=other)
    with pytest.raises(signing.NotSigned):
        read(resigned)
    assert read(resigned, other).identifier == alert.identifier


def test_a_pinned_certificate_out_of_its_time_proves_nothing(land, phones):
    alert = make.issued(land)
    root = reading.parse(bytes(alert.cap))
    with pytest.raises(signing.NotSigned):
        signing.verify(root, certificate=keys.signer().certificate, now=NOW + timedelta(days=4000))


def test_a_signed_message_wrapped_inside_a_forged_one_is_refused(land, phones):
    """Signature wrapping: the true message hidden below, a false one on top."""
    alert = make.issued(land)
    true = reading.parse(bytes(alert.cap))
    false = reading.parse(bytes(alert.cap))
    false.find("{*}info").find("{*}headline").text = "Mọi người ra bờ sông xem lũ"
    signature = false.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    holder = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
    holder.append(true)
    with pytest.raises(signing.NotSigned):
        signing.verify(false, certificate=keys.signer().certificate, now=NOW)


HOSTILE = {
    "a file of the machine": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>',
    "a billion laughs": b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><alert>&b;</alert>',
    "an external DTD": b'<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/x.dtd"><alert/>',
    "UTF-16 to slip past": '<!DOCTYPE a [<!ENTITY x "y">]><alert>&x;</alert>'.encode("utf-16"),
    "too large": b"<alert>" + b" " * reading.LARGEST + b"</alert>",
    "no XML": b"\x00\x01",
    "nothing": b"",
    "deep": b"<a>" * 5000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_documents_are_refused_before_anything_is_read(raw):
    with pytest.raises(reading.Unreadable):
        reading.parse(raw)


@pytest.mark.parametrize(
    "spoiled", ["status>Actual<>status>Perhaps", "msgType>Alert<>msgType>Shout", "sent>2024>sent>abc"]
)
def test_what_the_schema_refuses_is_refused(land, phones, spoiled):
    before, after = spoiled.split("<>") if "<>" in spoiled else ("<sent>2024", "<sent>abc")
    raw = bytes(make.issued(land).cap).replace(before.encode(), after.encode(), 1)
    with pytest.raises(reading.Unreadable, match="schema"):
        reading.check_shape(reading.parse(raw))


def test_our_key_is_ours_alone_and_made_once(land):
    first = keys.signer()
    keys._known.clear()
    assert keys.signer().certificate_pem == first.certificate_pem
    assert (keys.folder() / "cap.pem").stat().st_mode & 0o077 == 0


def test_the_signature_holds_for_a_reader_who_knows_only_the_standard(land, phones):
    """Verified by hand after W3C XML Signature 1.1 and RFC 4050: canonical form, digest, ECDSA on P-256; without the library that signed."""
    import base64
    import copy
    import hashlib

    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    sig = "{http://www.w3.org/2000/09/xmldsig#}"
    root = etree.fromstring(bytes(make.issued(land, ring=RING).cap))
    signature = root.find(f"{sig}Signature")
    info = signature.find(f"{sig}SignedInfo")
    [reference] = info.findall(f"{sig}Reference")
    assert reference.get("URI") == ""
    bare = copy.deepcopy(root)
    bare.remove(bare.find(f"{sig}Signature"))
    digest = hashlib.sha256(etree.tostring(bare, method="c14n", exclusive=True)).digest()
    assert base64.b64encode(digest).decode() == "".join(reference.findtext(f"{sig}DigestValue").split())
    raw = base64.b64decode(signature.findtext(f"{sig}SignatureValue"))
    assert len(raw) == 64
    pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    signed = etree.tostring(info, method="c14n", exclusive=True)
    keys.signer().certificate.public_key().verify(pair, signed, ec.ECDSA(hashes.SHA256()))
