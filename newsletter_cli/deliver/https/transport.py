"""A mail service over HTTPS as a transport: each connection posts in a thread of its own; one queue hears them all."""

from __future__ import annotations

import contextlib
import http.client
import queue

from msgspec import Struct

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.https.line import Events, Line, begin, receive
from newsletter_cli.deliver.https.place import CannotReach, Place, reach, read_service_trust, reason_of
from newsletter_cli.deliver.https.service import Service
from newsletter_cli.deliver.smtp.connecting import Seen
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.model.delivery import Outgoing, Reply

ACCEPTED = Reply(0, "nl: ready")
# So many answers in a row that leave it open whether a message was taken are no accident.
MOST_DOUBTS = 3
UNAUTHORIZED = 401


class _Place(Struct, kw_only=True):
    line: Line
    current: Outgoing | None = None
    following: Outgoing | None = None


class HttpsTransport:
    """Hands messages to one service. As `deliver.transport.Transport` says.

    Nothing of a message leaves before its `release`; then the request is posted once. Raises `TransportError` where the
    certificates to trust cannot be read.
    """

    def __init__(self, place: Place, service: Service):
        self._place, self._service = place, service
        self._trust = read_service_trust(place.ca_file)
        self._told: queue.SimpleQueue[Events] = queue.SimpleQueue()
        self._events: list[ConnectionEvent] = []
        self._places: dict[int, _Place] = {}
        self._count = self._doubts = 0

    @property
    def name(self) -> str:
        """`lasuite://messages.example.org`."""
        return self._place.name

    def connect(self) -> int:
        """Begin to open one more connection."""
        self._count += 1
        line = Line(self._count, self._place, self._service, self._trust, self._told.put)
        self._places[self._count] = _Place(line=line)
        return self._count

    def hand(self, connection: int, message: Outgoing) -> None:
        """Give a connection its next message: at its dot at once, for nothing of it is sent before it may be."""
        place = self._places.get(connection)
        if place is None:
            reply = Reply(0, f"nl: {_('the connection is closed')}")
            self._events.append(
                ConnectionEvent(kind=Happened.RETURNED, connection=connection, row=message.row, reply=reply)
            )
        elif place.current is None:
            self._put(connection, place, message)
        elif place.following is None:
            place.following = message
        else:
            raise ValueError("this connection cannot take a message now")

    def release(self, connection: int) -> None:
        """Post the message of this connection."""
        place = self._places.get(connection)
        if place is not None:
            if place.current is None:
                raise ValueError("no row is at its dot on this connection")
            place.line.post(place.current)

    def poll(self, timeout_seconds: float) -> list[ConnectionEvent]:
        """What has happened since."""
        with contextlib.suppress(queue.Empty):
            if not self._events and timeout_seconds > 0:
                self._take(self._told.get(timeout=timeout_seconds))
            while True:
                self._take(self._told.get_nowait())
        events = self._events.copy()
        self._events.clear()
        return events

    def close(self) -> None:
        """Close everything at once."""
        for place in self._places.values():
            place.line.close()
        self._places.clear()
        self._events.clear()

    def _put(self, connection: int, place: _Place, message: Outgoing) -> None:
        place.current = message
        self._events.append(
            ConnectionEvent(kind=Happened.AT_DOT, connection=connection, row=message.row, reply=ACCEPTED)
        )

    def _take(self, events: Events) -> None:
        """Events of a line, with what has to be told around them."""
        number = events[0].connection
        place = self._places.get(number)
        if place is None:
            return
        following, place.current, place.following = place.following, None, None
        *before, last = events
        if last.kind not in (Happened.DOWN, Happened.FATAL):
            self._events += events
            if following is not None and last.rest_seconds:
                self._events.append(ConnectionEvent(kind=Happened.RETURNED, connection=number, row=following.row))
                following = None
            if following is not None:
                self._put(number, place, following)
            elif last.row:
                self._events.append(ConnectionEvent(kind=Happened.READY, connection=number))
            self._doubts = 0 if last.row else self._doubts
            return
        del self._places[number]
        place.line.close()
        self._events += before
        if following is not None:
            self._events.append(ConnectionEvent(kind=Happened.RETURNED, connection=number, row=following.row))
        self._events.append(self._with_patience(before, last))

    def _with_patience(self, before: Events, last: ConnectionEvent) -> ConnectionEvent:
        """The end of a line; of the whole send, where one message after another is in doubt."""
        if not any(one.kind is Happened.IN_DOUBT for one in before) or last.kind is Happened.FATAL:
            return last
        self._doubts += 1
        if self._doubts < MOST_DOUBTS:
            return last
        hint = _("ask whoever runs the service whether it took them; then nl resolve settles them")
        return last._replace(kind=Happened.FATAL, hint=hint)


def probe(place: Place, service: Service) -> Seen:
    """Ask a service whether it knows whoever has this secret, without a message. Raises `TransportError`."""
    try:
        connection = reach(place, read_service_trust(place.ca_file))
        try:
            version = connection.sock.version()
            begin(connection, service.probe(place.secret()))
            answer = receive(connection)
        finally:
            connection.close()
    except CannotReach as fault:
        raise TransportError(_told(place, fault), hint=fault.hint) from None
    except (OSError, http.client.HTTPException) as error:
        raise TransportError(_told(place, reason_of(error))) from None
    if answer.status == UNAUTHORIZED:
        raise TransportError(
            _("{transport} does not accept the key").format(transport=place.name),
            hint=_("look at [send.service], and at what its key is and may do"),
        )
    return Seen(greeting=place.name, tls=version, extensions=(), size_limit_bytes=service.most_bytes, auth=_("its key"))


def _told(place: Place, reason: object) -> str:
    return _("{transport} cannot be used: {reason}").format(transport=place.name, reason=reason)
