"""Prints what would be sent on the server's terminal: for outlets whose address begins with ``console:``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from smarthd.channels.ports import Job, Taken, Word
from smarthd.channels.rules.saying import Post


class ConsolePage:
    """Writes two lines a post."""

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name, self._stream = name.removeprefix("console:"), stream

    def publish(self, post: Post, *, key: str) -> Taken:
        """Print the post."""
        stream = self._stream or sys.stdout
        stream.write(f"[bản tin tới {self._name}] {post.title}\n    {post.text.strip().splitlines()[0]}\n")
        stream.flush()
        return Taken(f"console-{key}")


class ConsoleLoudspeaker:
    """Writes two lines a job, and says of each that it was played."""

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name, self._stream = name.removeprefix("console:"), stream

    def play(self, job: Job) -> Taken:
        """Print the job."""
        stream = self._stream or sys.stdout
        stream.write(
            f"[loa {self._name}, {job.priority}, phát {job.repeats} lần] {job.title}\n    {job.text.splitlines()[0]}\n"
        )
        stream.flush()
        return Taken(f"console-{job.key}-{job.round}")

    def words(self, keys: Sequence[str]) -> list[Word]:
        """Say that everything was played."""
        return [Word(key, played=True, said="đã in ra màn hình máy chủ") for key in keys]
