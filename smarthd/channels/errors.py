"""Refusals of channels."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotFound


class BulletinFaulty(Invalid):
    """A bulletin cannot be taken; ``facts["fields"]`` says why."""


class OutletFaulty(Invalid):
    """An outlet cannot be kept; ``facts["fields"]`` says why."""


class BulletinUnknown(NotFound):
    """There is no such bulletin, or not for this reader."""


class OutletUnknown(NotFound):
    """There is no such outlet, or not for this reader."""


class DispatchUnknown(NotFound):
    """There is no such dispatch, or not for this reader."""


class ReceiverUnknown(NotFound):
    """The link of a receiver is wrong, or its time is over."""


class ProofFaulty(Invalid):
    """A proof cannot be kept; ``facts["fields"]`` says why."""


class NotAProof(Invalid):
    """The file is neither a picture, nor a recording, nor a PDF."""


class TooManyProofs(Conflict):
    """A dispatch holds no more proofs."""


class BulletinOver(Conflict):
    """The bulletin is past its time, cancelled or replaced: nothing more is sent of it."""


class SpeechUnavailable(Conflict):
    """No voice is installed, or it could not read the words."""
