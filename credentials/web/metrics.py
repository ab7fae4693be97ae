"""Prometheus figures of one application, in a registry of its own. Labels are closed sets: never a path or a name."""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def method_label(method: str) -> str:
    """A request's method, or `other` where it is none that HTTP defines: anyone can send any word."""
    return method if method in METHODS else "other"


class Metrics:
    """Requests by route template, method and status; how long they took; verifications by state."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._requests = Counter(
            "http_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "http_request_seconds", "Time to answer.", ("route",), buckets=BUCKETS, registry=self.registry
        )
        self._verifications = Counter("verifications", "Reports made, by state.", ("state",), registry=self.registry)
        # Looking a labelled child up costs more than counting in it; the label sets are small and closed.
        self._request_child = lru_cache(maxsize=4096)(self._requests.labels)
        self._seconds_child = lru_cache(maxsize=512)(self._seconds.labels)
        self._verification_child = lru_cache(maxsize=64)(self._verifications.labels)

    def count_request(self, route: str, method: str, status: str, seconds: float) -> None:
        """Count one answered request. `route` is a template, `method` from `method_label`, `status` three digits."""
        self._request_child(route, method, status).inc()
        self._seconds_child(route).observe(seconds)

    def count_verification(self, state: str) -> None:
        """Count one report by its state."""
        self._verification_child(state).inc()

    def exposition(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)
