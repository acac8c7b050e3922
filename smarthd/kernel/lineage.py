"""Algebra of things that follow one another in time: shares that pass from old to new, and trees whose edges are dated.

No domain word: places and agencies both merge, split and move under another superior. Nodes are any hashable value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
TOLERANCE = 1e-6

Steps = Mapping[K, Sequence[tuple[K, float]]]


@dataclass(frozen=True, slots=True)
class Share(Generic[K]):
    """The part (0..1) of ``source`` that went to ``target``."""

    source: K
    target: K
    part: float


@dataclass(frozen=True, slots=True)
class Edge(Generic[K]):
    """``child`` stands under ``parent`` from ``valid_from`` up to, not including, ``valid_to`` (None: until further notice)."""

    child: K
    parent: K
    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether the edge holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def unbalanced(shares: Iterable[Share[K]]) -> dict[K, float]:
    """Return the sources whose parts do not add up to 1, with their sums."""
    sums: dict[K, float] = defaultdict(float)
    for share in shares:
        sums[share.source] += share.part
    return {source: total for source, total in sums.items() if abs(total - 1.0) > TOLERANCE}


def forward(shares: Iterable[Share[K]]) -> dict[K, list[tuple[K, float]]]:
    """Return for each source where its parts went."""
    steps: dict[K, list[tuple[K, float]]] = defaultdict(list)
    for share in shares:
        if share.part > 0:
            steps[share.source].append((share.target, share.part))
    return dict(steps)


def backward(shares: Iterable[Share[K]], sizes: Mapping[K, float] | None = None) -> dict[K, list[tuple[K, float]]]:
    """Return for each target the part of it that came from each source; the parts of one target add up to 1.

    A source brings ``part × size``; where sizes are not known for all sources of a target, they count alike.
    """
    brought: dict[K, list[Share[K]]] = defaultdict(list)
    for share in shares:
        if share.part > 0:
            brought[share.target].append(share)
    steps: dict[K, list[tuple[K, float]]] = {}
    for target, coming in brought.items():
        known = sizes is not None and all(sizes.get(share.source, 0) > 0 for share in coming)
        amounts = [share.part * (sizes[share.source] if known and sizes is not None else 1.0) for share in coming]
        total = sum(amounts)
        steps[target] = [(share.source, amount / total) for share, amount in zip(coming, amounts, strict=True)]
    return steps


def spread(node: K, *, standing: Collection[K], steps: Steps[K], memo: dict[K, dict[K, float]]) -> dict[K, float]:
    """Follow ``node`` along ``steps`` until all its parts lie on standing nodes; parts with nowhere to go are left out.

    ``memo`` is filled and may be used again for the same ``standing`` and ``steps``.
    """
    if node in memo:
        return memo[node]
    if node in standing:
        result = {node: 1.0}
    else:
        sums: dict[K, float] = defaultdict(float)
        for after, part in steps.get(node, ()):
            for place, weight in spread(after, standing=standing, steps=steps, memo=memo).items():
                sums[place] += part * weight
        result = dict(sums)
    memo[node] = result
    return result


def parents_on(edges: Iterable[Edge[K]], day: date) -> dict[K, K]:
    """Return each child's parent on a day."""
    return {edge.child: edge.parent for edge in edges if edge.holds(day)}


def ancestors(node: K, parents: Mapping[K, K]) -> list[K]:
    """Return the nodes above ``node``, nearest first; a circle raises ValueError."""
    above: list[K] = []
    seen = {node}
    while node in parents:
        node = parents[node]
        if node in seen:
            msg = f"circle of superiors at {node!r}"
            raise ValueError(msg)
        seen.add(node)
        above.append(node)
    return above


def groups(pairs: Iterable[tuple[K, K]]) -> list[set[K]]:
    """Return the sets of nodes that hang together by the given pairs."""
    owner: dict[K, set[K]] = {}
    for one, other in pairs:
        joined = owner.get(one, {one}) | owner.get(other, {other})
        for node in joined:
            owner[node] = joined
    return list({id(group): group for group in owner.values()}.values())
