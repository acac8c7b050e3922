"""What messaging hears."""

from __future__ import annotations

from smarthd.kernel import events
from smarthd.messaging import selectors, services
from smarthd.messaging.services import texting
from smarthd.people import exports
from smarthd.people.events import AccountErased, CodeRequested, ConsentWithdrawn
from smarthd.people.rules import Purpose

exports.register("messaging", selectors.kept_about)


@events.subscribe(CodeRequested)
def bring_code(event: CodeRequested) -> None:
    """Put a requested code on its way."""
    services.queue_code(
        request_uid=event.request_uid,
        phone_sealed=bytes.fromhex(event.phone_sealed_hex),
        code_sealed=bytes.fromhex(event.code_sealed_hex),
        asked_at=event.at,
        expires_at=event.expires_at,
    )


@events.subscribe(AccountErased)
def empty_inbox(event: AccountErased) -> None:
    """Empty the inbox of a person who is gone, and let go of their phones."""
    services.forget_phones_of(event.account_id)
    services.forget_inbox_of(event.account_id)
    texting.forget_texts_of(event.account_id)


@events.subscribe(ConsentWithdrawn)
def let_go_of_phones(event: ConsentWithdrawn) -> None:
    """Push nothing more to a person who takes the agreement back."""
    if event.purpose == Purpose.PUSH:
        services.forget_phones_of(event.account_id)
