"""What can be wrong with the queue."""

from credentials.core.errors import BadInput


class BrokerUnusable(BadInput):
    """The address of the task broker cannot be used, or what it needs is not installed."""

    code = "tasks-broker-unusable"
    title = "The task broker cannot be used"
    advice = (
        "Give the address of a Redis, such as redis://localhost:6379/0, and install the redis extra; or leave it out."
    )
