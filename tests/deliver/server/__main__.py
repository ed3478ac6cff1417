"""`python -m tests.deliver.server --record FILE [--port P] [--misbehave NAME[:key=value,…]]…`

Listens on 127.0.0.1 until it is ended. `--list` shows the misbehaviours.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path

from tests.deliver.server.misbehaviour import MISBEHAVIOURS
from tests.deliver.server.serving import Listening


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.deliver.server", description=__doc__)
    parser.add_argument("--record", type=Path, help="file that every accepted message is written to")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--misbehave", action="append", default=[], metavar="NAME[:key=value,…]")
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--tls-required", action="store_true", help="nothing before STARTTLS")
    parser.add_argument("--certificates", type=Path, metavar="DIR", help="made there unless they are there")
    parser.add_argument("--login", metavar="USER:PASSWORD", help="who has to log in")
    parser.add_argument("--sync", action="store_true", help="fsync after each message")
    parser.add_argument("--list", action="store_true", help="show the misbehaviours")
    chosen = parser.parse_args()
    if chosen.list:
        for name, kind in sorted(MISBEHAVIOURS.items()):
            sys.stdout.write(f"{name:20} {' '.join((kind.__doc__ or '').split())}\n")
        return
    if chosen.record is None:
        parser.error("--record FILE is needed")
    logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_serve(chosen))


async def _serve(chosen: argparse.Namespace) -> None:
    user, _colon, password = (chosen.login or "").partition(":")
    listening = Listening(
        chosen.record,
        chosen.misbehave,
        port=chosen.port,
        tls=chosen.tls,
        login=(user, password) if chosen.login else None,
        certificates=chosen.certificates,
        is_tls_required=chosen.tls_required,
        is_synced=chosen.sync,
    )
    await listening.start()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGTERM, ended.set)
    except NotImplementedError:
        # Windows.
        signal.signal(signal.SIGTERM, lambda _number, _frame: loop.call_soon_threadsafe(ended.set))
    sys.stdout.write(f"listening on 127.0.0.1:{listening.port}\n")
    sys.stdout.flush()
    await ended.wait()
    await listening.close()


if __name__ == "__main__":
    main()
