"""Signatures of CAP messages: enveloped XML-DSig, ECDSA P-256 with SHA-256, exclusive canonicalisation (W3C XML Signature 1.1).

A signature is trusted by the certificate pinned for the sender, never by one that travels with the message.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree
from signxml import (  # type: ignore[attr-defined]
    CanonicalizationMethod,
    DigestAlgorithm,
    InvalidCertificate,
    InvalidDigest,
    InvalidSignature,
    SignatureConfiguration,
    SignatureMethod,
    XMLSigner,
    XMLVerifier,
)
from signxml.exceptions import InvalidInput

_C14N = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
_EXPECTED = SignatureConfiguration(
    signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
    expect_references=1,
)


class NotSigned(Exception):
    """There is no signature of the pinned certificate over the whole message; the message says what was found."""


def sign(alert: Any, *, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    """Return the message's bytes with its signature inside."""
    signer = XMLSigner(
        signature_algorithm=SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=_C14N,
    )
    signed = signer.sign(alert, key=key, cert=[certificate])
    written: bytes = etree.tostring(signed, encoding="UTF-8", xml_declaration=True)
    return written


def verify(alert: Any, *, certificate: x509.Certificate, now: datetime) -> Any:
    """Return the element that was really signed by the pinned certificate; only that may be read. Raises NotSigned."""
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        msg = "the pinned certificate is out of its time"
        raise NotSigned(msg)
    try:
        found = XMLVerifier().verify(alert, x509_cert=certificate, expect_config=_EXPECTED, validate_schema=True)
    except (InvalidCertificate, InvalidDigest, InvalidSignature, InvalidInput, ValueError) as problem:
        raise NotSigned(str(problem)[:200]) from problem
    results = found if isinstance(found, list) else [found]
    signed = results[0].signed_xml
    if signed is None or signed.tag != alert.tag:
        msg = "the signature does not cover the message"
        raise NotSigned(msg)
    return signed
