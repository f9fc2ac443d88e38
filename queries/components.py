"""Strongly connected components of a directed graph, without recursion: Tarjan 1972."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


class _Search:
    """One depth-first search: ``low`` is the earliest node on the stack that a node leads back to."""

    def __init__(self, successors: Mapping[int, Sequence[int]]) -> None:
        self.successors = successors
        self.order: dict[int, int] = {}
        self.low: dict[int, int] = {}
        self.stack: list[int] = []
        self.stacked: set[int] = set()

    def components_from(self, start: int) -> Iterator[frozenset[int]]:
        """What can be reached from ``start`` and was not seen before."""
        work = [(start, self._entered(start))]
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    self._lower(work[-1][0], self.low[node])
                if self.low[node] == self.order[node]:
                    yield self._popped(node)
            elif following not in self.order:
                work.append((following, self._entered(following)))
            elif following in self.stacked:
                self._lower(node, self.order[following])

    def _entered(self, node: int) -> Iterator[int]:
        self.order[node] = self.low[node] = len(self.order)
        self.stack.append(node)
        self.stacked.add(node)
        return iter(self.successors.get(node, ()))

    def _lower(self, node: int, to: int) -> None:
        self.low[node] = min(self.low[node], to)

    def _popped(self, node: int) -> frozenset[int]:
        part: list[int] = []
        while not part or part[-1] != node:
            part.append(self.stack.pop())
        self.stacked.difference_update(part)
        return frozenset(part)


def components(successors: Mapping[int, Sequence[int]]) -> Iterator[frozenset[int]]:
    """Every component once, those that are led to before those that lead there."""
    search = _Search(successors)
    for node in successors:
        if node not in search.order:
            yield from search.components_from(node)
