"""Outlets and a voice for tests: they keep what they were given, and fail when told to."""

from __future__ import annotations

from collections.abc import Sequence

from smarthd.channels.ports import Job, Recording, Taken, VoiceUnavailable, Word
from smarthd.channels.rules.saying import Post


class FakePage:
    """Remembers posts by key."""

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self.failures: list[Exception] = []

    def publish(self, post: Post, *, key: str) -> Taken:
        """Take the post, or raise the next failure in line."""
        if self.failures:
            raise self.failures.pop(0)
        self.posts.setdefault(key, post)
        return Taken(f"fake-{key}")


class FakeLoudspeaker:
    """Remembers jobs by key and round; says of them what it was told to."""

    def __init__(self) -> None:
        self.jobs: dict[tuple[str, int], Job] = {}
        self.said: list[Word] = []
        self.failures: list[Exception] = []

    def play(self, job: Job) -> Taken:
        """Take the job, or raise the next failure in line."""
        if self.failures:
            raise self.failures.pop(0)
        self.jobs.setdefault((job.key, job.round), job)
        return Taken(f"fake-{job.key}-{job.round}")

    def words(self, keys: Sequence[str]) -> list[Word]:
        """Return what is to be said of these jobs."""
        return [word for word in self.said if word.key in keys]


class FakeSpeaker:
    """Gives the same few bytes for the same words; counts how often it spoke."""

    name = "fake-1"

    def __init__(self) -> None:
        self.spoken: list[str] = []
        self.missing = False

    def speak(self, text: str) -> Recording:
        """Return a recording, or say that no voice is there."""
        if self.missing:
            raise VoiceUnavailable("told to be missing")
        self.spoken.append(text)
        return Recording(b"\xff\xfb\x90\x00" + text.encode()[:2000], 1000)
