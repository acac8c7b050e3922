"""E-mail by SMTP (RFC 5321): ``smtp://[user:password@]host[:587]``, with STARTTLS whenever the server offers it, or ``smtps://host[:465]``.

A password travels only inside TLS: where a server offers none, an account with a password is refused rather than shown to the network.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, Mail, Receipt

TIMEOUT_S = 15.0
_SUBMISSION, _IMPLICIT_TLS = 587, 465


class SmtpMailer:
    """Hands one e-mail to a mail server over a connection of its own."""

    def __init__(
        self, url: str, sender: str, *, trust: ssl.SSLContext | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        parts = urlsplit(url)
        self._implicit_tls = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or (_IMPLICIT_TLS if self._implicit_tls else _SUBMISSION)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._trust = trust or ssl.create_default_context()
        self._timeout_s = timeout_s

    def send(self, mail: Mail) -> Receipt:
        """Send the e-mail once; passing faults (4xx, network, TLS, a changed password) may be tried again, 5xx may not."""
        message = self._message(mail)
        try:
            self._hand_over(message, mail.recipient)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, words = next(iter(refusal.recipients.values()))
            raise _fault(code, words) from None
        except smtplib.SMTPAuthenticationError as refusal:
            raise GatewayUnavailable(f"SMTP {refusal.smtp_code}") from None  # a matter of settings: mended, it goes
        except smtplib.SMTPResponseException as refusal:
            raise _fault(refusal.smtp_code, refusal.smtp_error) from None
        except smtplib.SMTPNotSupportedError as refusal:
            raise GatewayRefused(str(refusal)) from None
        except (OSError, smtplib.SMTPException) as failure:
            raise GatewayUnavailable(type(failure).__name__) from None
        return Receipt(reference=str(message["Message-ID"]))

    def _hand_over(self, message: EmailMessage, recipient: str) -> None:
        server = self._connected()
        try:
            server.send_message(message, from_addr=parseaddr(self._sender)[1], to_addrs=[recipient])
        except BaseException:
            server.close()
            raise
        with contextlib.suppress(OSError, smtplib.SMTPException):  # it was taken; a failed farewell changes nothing
            server.quit()

    def _connected(self) -> smtplib.SMTP:
        if self._implicit_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout_s, context=self._trust
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)
        try:
            self._greet(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        safe = self._implicit_tls
        if not safe and server.has_extn("starttls"):
            server.starttls(context=self._trust)
            server.ehlo()
            safe = True
        if self._user:
            if not safe:
                raise smtplib.SMTPNotSupportedError("no TLS, password not sent")
            server.login(self._user, self._password)

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(policy=SMTP_POLICY)
        message["From"], message["To"], message["Subject"] = self._sender, mail.recipient, mail.subject
        message["Date"] = format_datetime(mail.at)
        host = parseaddr(self._sender)[1].rpartition("@")[2] or "localhost"
        message["Message-ID"] = f"<{mail.reference}@{host}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
        message.set_content(mail.body, cte="base64")
        return message


def _fault(code: int, words: bytes | str) -> Exception:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    text = f"SMTP {code} {said}".strip()
    return GatewayRefused(text) if code >= 500 else GatewayUnavailable(text)
