"""One contract for every mailer: the console, the fake, and SMTP against a real server on loopback, in the clear and in TLS."""

from __future__ import annotations

import datetime as dt
import io
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from smarthd.messaging.adapters.console import ConsoleMailer
from smarthd.messaging.adapters.fake import FakeMailer
from smarthd.messaging.adapters.smtp import SmtpMailer
from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, Mail, Mailer

AT = dt.datetime(2024, 4, 11, 10, tzinfo=dt.UTC)
SENDER = "Smart-HaiDuong <khong-tra-loi@haiduong.gov.vn>"
MAIL = Mail(
    reference="rollout.reminder.7.t_minus_1",
    recipient="stttt@haiduong.gov.vn",
    subject="Báo cáo tuần 15/2024: còn 1 ngày làm việc, hạn 17 giờ thứ Sáu 12/4",
    body="Ủy ban nhân dân xã Hợp Tiến chưa gửi báo cáo tuần 15/2024.\n" + "Dòng rất dài. " * 200,
    at=AT,
)


@dataclass
class Box:
    """What a mail server took, and what it answers next instead of taking."""

    letters: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    passwords: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.passwords.append((data.login, data.password))
        return AuthResult(success=data.password == b"dung", handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("smtp") / "localhost.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return path


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def plain(box: Box) -> Iterator[int]:
    """A mail server without TLS that asks for no password; its port."""
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    yield server.port
    server.stop()


@pytest.fixture
def guarded(box: Box, identity: Path) -> Iterator[int]:
    """A mail server that offers STARTTLS and takes passwords inside it only; its port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(identity)
    server = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=False,
        authenticator=box.authenticate,
        auth_required=True,
    )
    server.start()
    yield server.port
    server.stop()


def trusting(identity: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(identity))


@pytest.fixture(params=["console", "fake", "smtp"])
def mailer(request: pytest.FixtureRequest) -> Mailer:
    if request.param == "console":
        return ConsoleMailer(io.StringIO())
    if request.param == "fake":
        return FakeMailer()
    return SmtpMailer(f"smtp://127.0.0.1:{request.getfixturevalue('plain')}", SENDER)


def test_an_email_is_taken_and_the_receipt_names_it(mailer: Mailer) -> None:
    assert MAIL.reference in mailer.send(MAIL).reference


def test_the_same_reference_may_be_sent_again_under_the_same_name(mailer: Mailer) -> None:
    assert mailer.send(MAIL) == mailer.send(MAIL)


def test_smtp_brings_sender_recipient_subject_words_and_a_stable_name(plain: int, box: Box) -> None:
    SmtpMailer(f"smtp://127.0.0.1:{plain}", SENDER).send(MAIL)
    [letter] = [message_from_bytes(raw, policy=default) for raw in box.letters]
    assert box.recipients == [[MAIL.recipient]]
    assert (letter["Subject"], letter["To"]) == (MAIL.subject, MAIL.recipient)
    assert letter["From"].addresses[0].addr_spec == "khong-tra-loi@haiduong.gov.vn"
    assert letter["Message-ID"] == f"<{MAIL.reference}@haiduong.gov.vn>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n").strip() == MAIL.body.strip()


def test_smtp_uses_starttls_when_it_is_offered_and_the_password_only_inside(
    guarded: int, box: Box, identity: Path
) -> None:
    SmtpMailer(f"smtp://so:dung@localhost:{guarded}", SENDER, trust=trusting(identity)).send(MAIL)
    assert (box.encrypted, box.passwords) == ([True], [(b"so", b"dung")])


def test_a_server_nobody_vouches_for_gets_nothing(guarded: int, box: Box) -> None:
    with pytest.raises(GatewayUnavailable):
        SmtpMailer(f"smtp://so:dung@localhost:{guarded}", SENDER).send(MAIL)
    assert (box.letters, box.passwords) == ([], [])


def test_a_password_is_never_shown_to_a_server_without_tls(plain: int, box: Box) -> None:
    with pytest.raises(GatewayRefused, match="password not sent"):
        SmtpMailer(f"smtp://so:dung@127.0.0.1:{plain}", SENDER).send(MAIL)
    assert (box.letters, box.passwords) == ([], [])


def test_a_wrong_password_may_be_mended_and_tried_again(guarded: int, identity: Path) -> None:
    with pytest.raises(GatewayUnavailable, match="SMTP 535"):
        SmtpMailer(f"smtp://so:sai@localhost:{guarded}", SENDER, trust=trusting(identity)).send(MAIL)


@pytest.mark.parametrize("answer", ["421 shutting down", "450 mailbox busy", "451 later"])
def test_passing_faults_may_be_tried_again(plain: int, box: Box, answer: str) -> None:
    box.answers = [answer]
    with pytest.raises(GatewayUnavailable):
        SmtpMailer(f"smtp://127.0.0.1:{plain}", SENDER).send(MAIL)


@pytest.mark.parametrize("answer", ["550 no such mailbox", "553 not allowed", "554 refused"])
def test_refusals_are_not_tried_again(plain: int, box: Box, answer: str) -> None:
    box.answers = [answer]
    with pytest.raises(GatewayRefused):
        SmtpMailer(f"smtp://127.0.0.1:{plain}", SENDER).send(MAIL)


def test_nobody_listening_is_unavailable() -> None:
    with pytest.raises(GatewayUnavailable):
        SmtpMailer(f"smtp://127.0.0.1:{free_port()}", SENDER).send(MAIL)


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(GatewayUnavailable):
        SmtpMailer(f"smtp://127.0.0.1:{mute.getsockname()[1]}", SENDER, timeout_s=0.3).send(MAIL)


def test_the_console_prints_to_whom_and_about_what() -> None:
    stream = io.StringIO()
    ConsoleMailer(stream).send(MAIL)
    assert MAIL.recipient in stream.getvalue()
    assert stream.getvalue().count("\n") == 2
