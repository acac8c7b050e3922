"""What channels asks of the outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from smarthd.channels.rules.saying import Post


class OutletUnavailable(Exception):
    """The other side did not answer, or could not just now: another try may succeed."""


class OutletRefused(Exception):
    """The other side will not take this, however often it is asked."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The other side took it; ``reference`` is its own name for it. ``received`` says that it is known to be out already."""

    reference: str = ""
    received: bool = False


class SocialPage(Protocol):
    """An account on a social network."""

    def publish(self, post: Post, *, key: str) -> Taken:
        """Publish within some seconds, or raise OutletUnavailable or OutletRefused."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """What a cluster of loudspeakers is to play. The same ``key`` twice is one job; ``round`` grows when an operator sends it again.

    ``replaces`` is the key of a job to stop and forget; instants are aware; ``audio_url`` is empty where there is no recording.
    """

    key: str
    round: int
    cluster: str
    priority: str
    title: str
    text: str
    audio_url: str
    audio_sha256: str
    repeats: int
    not_before: datetime
    not_after: datetime
    drill: bool
    replaces: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the job as it travels."""
        return {
            "key": self.key,
            "round": self.round,
            "cluster": self.cluster,
            "priority": self.priority,
            "title": self.title,
            "text": self.text,
            "audio": {"url": self.audio_url, "sha256": self.audio_sha256} if self.audio_url else None,
            "repeats": self.repeats,
            "not_before": self.not_before.isoformat(),
            "not_after": self.not_after.isoformat(),
            "drill": self.drill,
            "replaces": self.replaces,
        }


@dataclass(frozen=True, slots=True)
class Word:
    """What a cluster says of a job: played, or failed and why."""

    key: str
    played: bool
    said: str


class Loudspeaker(Protocol):
    """A cluster of loudspeakers of a commune."""

    def play(self, job: Job) -> Taken:
        """Hand the job over within some seconds, or raise OutletUnavailable or OutletRefused."""
        ...

    def words(self, keys: Sequence[str]) -> list[Word]:
        """Return what is known to have become of these jobs; nothing of those still to be played. Raises OutletUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Recording:
    """Spoken words as MP3."""

    mp3: bytes
    milliseconds: int


class VoiceUnavailable(Exception):
    """No voice is installed here, or it could not read the words."""


class Speaker(Protocol):
    """Turns words, already spelled out, into a recording. ``name`` changes whenever the same words would sound otherwise."""

    name: str

    def speak(self, text: str) -> Recording:
        """Return the recording, or raise VoiceUnavailable."""
        ...
