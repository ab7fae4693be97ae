"""`credentials worker`: does what waits (mail, webhooks, checks of domains) beside the processes that serve."""

import signal
import threading

import click

from credentials.cli.invocation import Invocation, command_options, note


@click.command(epilog="Example:  credentials worker --threads 4")
@click.option("--threads", type=click.IntRange(1, 64), default=2, show_default=True, help="Tasks at a time.")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@command_options
def worker(call: Invocation, threads: int, once: bool) -> None:
    """Do what waits: mail, webhooks, checks of domains.

    Until Ctrl-C. Any number may run beside `credentials serve`, here or elsewhere. Without a broker
    (CREDENTIALS_TASKS_BROKER) the serving processes do all of it themselves, and none is needed.
    """
    with call.service() as service:
        if once:
            done = service.tasks.drain()
            call.result({"done": done}, [f"Did {done}."])
            return
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        service.tasks.start(threads)
        note("Working. Ctrl-C ends it.")
        stopped.wait()
        service.tasks.stop()
    call.result({"stopped": True}, ["Stopped."])
