"""Accounts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from smarthd.kernel.ids import uuid7


class AccountManager(BaseUserManager["Account"]):
    """Find an account by its natural key."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(uid=str(username))


class Account(AbstractBaseUser, PermissionsMixin):
    """One person's account. The telephone number is sealed; ``phone_index`` finds it again."""

    uid = models.UUIDField(default=uuid7, unique=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.BinaryField(null=True, unique=True, editable=False, max_length=32)
    full_name = models.CharField(max_length=200, blank=True)
    home = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # may open the content editor (Wagtail's rule)
    is_test = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "uid"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    personal_data = ("phone_sealed", "phone_index", "full_name", "home")
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.full_name or f"Tài khoản {str(self.uid)[-6:]}"
