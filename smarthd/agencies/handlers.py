"""What this context hears."""

from __future__ import annotations

from smarthd.agencies import services
from smarthd.agencies.selectors import own_data
from smarthd.kernel.events import subscribe
from smarthd.people import exports
from smarthd.people.events import AccountActivated, AccountErased, PhoneChanged

exports.register("agencies", own_data.sections)


@subscribe(AccountActivated)
def link_staff(event: AccountActivated) -> None:
    """A person of a roster activated the app."""
    services.link_account(account_id=event.account_id, phone_index=bytes.fromhex(event.phone_index_hex), now=event.at)


@subscribe(PhoneChanged)
def link_new_number(event: PhoneChanged) -> None:
    """A person proved another number, which may stand in a roster."""
    services.link_account(account_id=event.account_id, phone_index=bytes.fromhex(event.phone_index_hex), now=event.at)


@subscribe(AccountErased)
def unlink_staff(event: AccountErased) -> None:
    """A person's account is gone; the agency's roster stays."""
    services.unlink_account(account_id=event.account_id, now=event.at)
