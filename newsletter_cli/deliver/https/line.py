"""One connection to a service, in a thread of its own: a message after another, each posted once."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.failpoints import reach as pass_by
from newsletter_cli.deliver.https.place import CannotReach, Place, reach, reason_of
from newsletter_cli.deliver.https.service import Heard, HttpAnswer, HttpRequest, Service
from newsletter_cli.deliver.said import too_late
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.model.delivery import NO_REPLY, Key, Outgoing, Reply

MOST_ANSWER_BYTES = 65_536
# Servers end connections on which nothing is asked, often after a few seconds; what is posted at that very moment may
# be lost without a word, and would be in doubt.
MOST_IDLE_SECONDS = 1.0

# Whether it was taken, this connection will not tell.
OPEN = (Happened.IN_DOUBT, Happened.UNANSWERED)

# What follows on each other without anything between, in order.
Events = Sequence[ConnectionEvent]


class TooLate(Exception):
    """A message may not be posted any more: its key's time is over."""


class Line:
    """Connects, then posts what it is given. `tell` takes events, from this line's thread."""

    def __init__(
        self, number: int, place: Place, service: Service, trust: ssl.SSLContext, tell: Callable[[Events], None]
    ):
        self.number = number
        self._place, self._service, self._trust, self._tell = place, service, trust, tell
        self._jobs: SimpleQueue[Outgoing | None] = SimpleQueue()
        self._connection: http.client.HTTPSConnection | None = None
        self._used_at = 0.0
        self._is_closed = False
        threading.Thread(target=self._run, name=f"nl-https-{number}", daemon=True).start()

    def post(self, message: Outgoing) -> None:
        """Post this message, at once."""
        self._jobs.put(message)

    def close(self) -> None:
        """Nothing more is posted; what is under way is cut."""
        self._is_closed = True
        self._jobs.put(None)
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(2)

    def _run(self) -> None:
        try:
            self._place.secret()
            self._connect()
        except CannotReach as fault:
            self._say(self._end(fault))
            return
        except NewsletterError as error:
            reply = Reply(0, f"nl: {error.message}")
            self._say(self._event(Happened.FATAL, reply, hint=error.hint, is_failure=True))
            return
        self._say(self._event(Happened.READY))
        while (message := self._jobs.get()) is not None and not self._is_closed:
            events = self._became_of(message)
            self._say(*events)
            if len(events) > 1:
                break
        self._drop()

    def _became_of(self, message: Outgoing) -> Events:
        """What became of a message that is posted; and the line's end, where it ends with it."""
        try:
            heard = self._submit(message)
        except TooLate:
            return (self._too_late(message),)
        except CannotReach as fault:
            reply = Reply(0, f"nl: {fault}")
            return self._event(Happened.RETURNED, reply, row=message.row, is_failure=True), self._end(fault)
        except NewsletterError as error:
            reply = Reply(0, f"nl: {error.message}")
            return (
                self._event(Happened.RETURNED, reply, row=message.row),
                self._event(Happened.FATAL, reply, hint=error.hint, is_failure=True),
            )
        told = self._event(heard.kind, heard.reply, row=message.row, rest_seconds=heard.rest_seconds)
        if heard.fatal is not None:
            return told, self._event(Happened.FATAL, heard.reply, hint=heard.fatal, is_failure=True)
        if heard.kind in OPEN:
            return told, self._event(Happened.DOWN, heard.reply, is_failure=True)
        return (told,)

    def _submit(self, message: Outgoing) -> Heard:
        """Post it, and what became of it. Raises `CannotReach` where nothing of it was sent, and `TooLate`."""
        secret = self._place.secret()
        heard = self._post(message, secret)
        # Tokens expire: one that worked and is refused now is read anew, once. A refusal is definite. Another secret
        # may be another account's, which knows nothing of a message's key.
        if heard.is_secret_refused and message.key is None and self._place.secret.renew(secret):
            secret = self._place.secret()
            heard = self._post(message, secret)
        if not heard.is_secret_refused:
            self._place.secret.worked(secret)
        return heard if message.key is None else judge_by_key(heard, message.key)

    def _post(self, message: Outgoing, secret: str) -> Heard:
        request = self._service.submit(message, secret)
        self._freshen()
        assert self._connection is not None
        try:
            if not self._send(self._connection, request, message.key):
                raise CannotReach(_("the connection broke before all of the message was sent"))
            answer = receive(self._connection)
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            why = _("it does not answer in time") if isinstance(error, TimeoutError) else reason_of(error)
            text = _("the message was sent, and no answer came: {reason}").format(reason=why)
            return Heard(kind=Happened.IN_DOUBT, reply=Reply(0, f"nl: {text}"))
        self._used_at = time.monotonic()
        if answer.headers.get("connection", "").lower() == "close" or not self._connection.sock:
            self._drop()
        return self._service.hear(answer)

    def _send(self, connection: http.client.HTTPSConnection, request: HttpRequest, key: Key | None) -> bool:
        """All of a request; False where it broke before its last octet, which the service must have to do anything.

        Raises `TooLate` where its key's time is over. A process that is stopped between that look and the last octet
        for longer than the margin finds that the service has long closed a connection with half a request on it.
        """
        try:
            begin(connection, request)
            connection.send(request.body[:-1])
        except (OSError, http.client.HTTPException):
            self._drop()
            return False
        pass_by("in-data")
        if key is not None and key.is_over(time.time()):
            self._drop()
            raise TooLate
        # An error from here on may come when it is there already.
        connection.send(request.body[-1:])
        pass_by("after-dot")
        return True

    def _freshen(self) -> None:
        """A connection on which something can be posted: a new one where the old one has gone, or will any moment."""
        connection = self._connection
        sock = None if connection is None else connection.sock
        if sock is not None and time.monotonic() - self._used_at <= MOST_IDLE_SECONDS and not has_ended(sock):
            return
        self._drop()
        self._connect()

    def _connect(self) -> None:
        self._connection = reach(self._place, self._trust)
        self._used_at = time.monotonic()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _too_late(self, message: Outgoing) -> ConnectionEvent:
        """Its key's time is over. A request that was open stays so, for ever; of any other nothing was sent."""
        if message.key is not None and message.key.is_repeat:
            return self._event(Happened.IN_DOUBT, too_late(), row=message.row)
        return self._event(Happened.RETURNED, row=message.row)

    def _end(self, fault: CannotReach) -> ConnectionEvent:
        kind = Happened.FATAL if fault.is_for_good else Happened.DOWN
        return self._event(kind, Reply(0, f"nl: {fault}"), hint=fault.hint, is_failure=True)

    def _event(self, kind: Happened, reply: Reply = NO_REPLY, **more: Any) -> ConnectionEvent:
        return ConnectionEvent(kind=kind, connection=self.number, reply=reply, **more)

    def _say(self, *events: ConnectionEvent) -> None:
        if not self._is_closed:
            self._tell(events)


def judge_by_key(heard: Heard, key: Key) -> Heard:
    """What an answer means for a message with a key: what is left open can be asked again; and a service that knows the
    key has the message, unless a request that failed may have made it known.
    """
    if heard.is_known:
        return heard._replace(kind=Happened.SENT if key.is_proof else Happened.IN_DOUBT)
    return heard._replace(kind=Happened.UNANSWERED) if heard.kind is Happened.IN_DOUBT else heard


def has_ended(sock: socket.socket) -> bool:
    """Whether the other side has left, before anything is asked: then there is nothing to be read but that."""
    patience = sock.gettimeout()
    try:
        sock.settimeout(0)
        sock.recv(1)
    except (ssl.SSLWantReadError, BlockingIOError):
        # What TLS had to say for itself (tickets, keys) has been read along.
        return False
    except OSError:
        return True
    finally:
        sock.settimeout(patience)
    # The end, or words that nobody asked for.
    return True


def begin(connection: http.client.HTTPSConnection, request: HttpRequest) -> None:
    """Everything of a request but its body."""
    connection.putrequest(request.method, request.path, skip_accept_encoding=True)
    for name, value in request.headers:
        connection.putheader(name, value)
    if request.body:
        connection.putheader("Content-Length", str(len(request.body)))
    connection.endheaders()


def receive(connection: http.client.HTTPSConnection) -> HttpAnswer:
    """The answer; what is cut behind its status has told all that matters."""
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    try:
        body = answer.read(MOST_ANSWER_BYTES)
        is_whole = answer.isclosed()
    except (OSError, http.client.HTTPException):
        body, is_whole = b"", False
    if not is_whole:
        connection.close()
    return HttpAnswer(status=answer.status, reason=answer.reason, headers=headers, body=body)
