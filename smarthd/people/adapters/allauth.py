"""How allauth sees our accounts."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by our own phone-code sign-in only."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts from a national identity provider."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors of officials."""
