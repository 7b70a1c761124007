"""Routes requests to deployments: traffic weights and mirrored copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Rotation:
    """Smooth weighted round robin: after as many calls as the weights sum to, each deployment had exactly its share.

    Attributes:
        weights: Required. Deployment to share; all above 0.
    """

    weights: Mapping[str, int]
    _credit: dict[str, int] = field(default_factory=dict)
    _total: int = 0

    def __post_init__(self) -> None:
        self._credit = dict.fromkeys(self.weights, 0)
        self._total = sum(self.weights.values())

    def next(self) -> str:
        """The deployment that takes this request. The weights must not be empty."""
        credit = self._credit
        for name, weight in self.weights.items():
            credit[name] += weight
        chosen = max(credit, key=credit.__getitem__)
        credit[chosen] -= self._total
        return chosen


@dataclass(slots=True)
class Mirror:
    """Copies of live requests: of 100 in a row, exactly as many as the deployment's percentage.

    Attributes:
        percentages: Required. Deployment to percentage, 1 to 50.
    """

    percentages: Mapping[str, int]
    _due: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._due = dict.fromkeys(self.percentages, 0)

    def next(self) -> list[str]:
        """The deployments that get a copy of this request."""
        copies = []
        for name, percentage in self.percentages.items():
            self._due[name] += percentage
            if self._due[name] >= 100:
                self._due[name] -= 100
                copies.append(name)
        return copies


class Router:
    """Rotations and mirrors of all endpoints; an endpoint's starts anew when its weights change."""

    def __init__(self) -> None:
        self._rotations: dict[str, Rotation] = {}
        self._mirrors: dict[str, Mirror] = {}

    def route(self, endpoint: str, weights: Mapping[str, int]) -> str | None:
        """The deployment for the next request of an endpoint; None when no weight is above 0."""
        if not weights:
            return None
        rotation = self._rotations.get(endpoint)
        if rotation is None or rotation.weights != weights:
            rotation = self._rotations[endpoint] = Rotation(weights)
        return rotation.next()

    def copies(self, endpoint: str, percentages: Mapping[str, int]) -> list[str]:
        """The deployments that get a copy of the request that was just routed."""
        if not percentages:
            return []
        mirror = self._mirrors.get(endpoint)
        if mirror is None or mirror.percentages != percentages:
            mirror = self._mirrors[endpoint] = Mirror(percentages)
        return mirror.next()
