"""Why there is no connection, in one clear sentence with what to do.

libpq gives no SQLSTATE for a connection that was refused, so its flags are asked first and then its words.
A server that speaks another language than English is quoted as it spoke. No message holds a password.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import psycopg

from queries.errors import BadConninfo, CannotConnect, PgtetherError


class Cause(NamedTuple):
    """Words by which a cause is known, what they mean, and what to do."""

    words: str
    what: str
    do: str


class Attempt(NamedTuple):
    """One host that was tried, and what came of it."""

    place: str
    said: str


#: The most telling first: of several hosts, the one that came furthest explains the failure.
_CAUSES = tuple(
    Cause(*cause)
    for cause in (
        (
            r"no password supplied",
            "The server asks for a password and none was given.",
            "Give it with -W, in PGPASSWORD, or in ~/.pgpass (which nobody else may read: chmod 600).",
        ),
        (
            r"(?:password|PAM|LDAP|RADIUS|Ident|[Pp]eer|certificate|GSSAPI) authentication failed",
            "The server did not accept this role with this password or proof of identity.",
            "Check the role and its password; what ~/.pgpass or PGPASSWORD gives is used unasked.",
        ),
        (
            r'role ".*" does not exist',
            "There is no such role on the server.",
            "Check the role: -U, PGUSER, or the name that you are logged in with.",
        ),
        (r"is not permitted to log in", "This role may not log in.", "Log in as a role that has LOGIN."),
        (
            r"no pg_hba\.conf entry|pg_hba\.conf rejects",
            "The server's pg_hba.conf does not let this role in to this database from this address.",
            "Ask for an entry in pg_hba.conf; where it speaks of no encryption, try sslmode=require.",
        ),
        (
            r'database ".*" does not exist',
            "There is no such database on the server.",
            "Check its name: -d, PGDATABASE; `psql -l` lists them.",
        ),
        (
            r"permission denied for database",
            "The role may not connect to this database.",
            "Ask for it: GRANT CONNECT ON DATABASE … TO ….",
        ),
        (
            r"too many (?:clients|connections)|remaining connection slots",
            "The server has no connection left to give.",
            "Wait, or end idle sessions; a superuser still has reserved ones.",
        ),
        (
            r"starting up|shutting down|in recovery mode|not (?:yet |currently )?accepting connections",
            "The server is starting, stopping, or recovering, and takes no connections now.",
            "Try again in a moment.",
        ),
        (
            r"not in hot standby|in hot standby mode|is read-only|is not read-only|session is",
            "The server is not of the kind that target_session_attrs asks for.",
            "Name a primary or a standby as wanted, or leave target_session_attrs out.",
        ),
        (
            r"server does not support SSL",
            "TLS was asked for and the server does not offer it.",
            "Turn it on at the server, or say sslmode=prefer if the network may read along.",
        ),
        (
            r"certificate|private key|does not match host name",
            "The TLS certificates do not prove who is at the other end.",
            "Check sslrootcert, sslcert, sslkey, and that the host is named as in the server's certificate.",
        ),
        (
            r"SSL negotiation|expected authentication request",
            "What listens there is not PostgreSQL.",
            "Check the host and the port.",
        ),
        (
            r"SSL|TLS",
            "The TLS connection could not be made.",
            "Check sslmode and what the server's log says.",
        ),
        (
            r"closed the connection unexpectedly|reset by peer",
            "The server closed the connection before it answered.",
            "Check that PostgreSQL listens on that port; its log says more.",
        ),
        (
            r"timeout expired|timed out",
            "Nobody answered in time.",
            "Check the host, the port, and firewalls between; connect_timeout gives it more seconds.",
        ),
        (
            r"Connection refused|No such file or directory",
            "No server listens there.",
            "Check the host and the port, and that PostgreSQL runs.",
        ),
        (
            r"failed to resolve host|could not translate host name",
            "The host's name is not known.",
            "Check the spelling of the host.",
        ),
        (
            r"unreachable|No route to host",
            "The network has no way to the host.",
            "Check the host, the VPN, and the route.",
        ),
        (
            r"Permission denied",
            "The socket may not be opened by this user.",
            "Check the socket's permissions.",
        ),
    )
)
_UNKNOWN = Cause("", "The connection was refused.", "What the server said tells why.")

#: Complaints of libpq about the string itself, though it makes them while connecting.
_BAD_STRING = re.compile(
    r"definition of service|service file|weak sslmode|invalid SSL protocol version"
    r"|invalid \S+ value: |invalid integer value|invalid port number"
    r"|could not match \d+|invalid value for parameter|unrecognized configuration parameter"
)
_ATTEMPT = re.compile(
    r"^- host: (.*?), port: (.*?), hostaddr: .*?: (.*?)(?=\n- host: |\Z)", re.MULTILINE | re.DOTALL
)
_PLACE = re.compile(
    r"(?:connection failed|connection is bad): "
    r'connection to server (?:at "(?P<host>[^"]*)"[^,]*, port (?P<port>\S+)|on socket "(?P<socket>[^"]*)")'
    r" failed: "
)


def no_connection(error: psycopg.OperationalError) -> PgtetherError:
    """What to raise for a failed connect: BadConninfo where the string is at fault, else CannotConnect."""
    attempts = _attempts(str(error))
    bad = next((attempt for attempt in attempts if _BAD_STRING.search(attempt.said)), None)
    if bad is not None:
        return bad_conninfo(bad.said)
    cause, place = _CAUSES[0], attempts[-1].place
    if not (error.pgconn and error.pgconn.needs_password):
        cause, place = min(((_cause(attempt.said), attempt.place) for attempt in attempts), key=_rank)
    what = f"No connection to {place}. {cause.what}" if place else f"No connection. {cause.what}"
    told = (f"{attempt.place}: {attempt.said}" if len(attempts) > 1 else attempt.said for attempt in attempts)
    return CannotConnect(what, means="In full: " + "; ".join(told), do=cause.do)


def bad_conninfo(said: str, *, given: str = "") -> BadConninfo:
    """What to raise where libpq can't read ``given``; one that may hold a password is not quoted."""
    said = said.strip().removeprefix("connection is bad: ")
    if "pass" in given.lower() or "@" in given:
        said = re.sub(r'".*"', '"…"', said, flags=re.DOTALL)
    return BadConninfo(
        f"The connection can't be understood: {said}.",
        means="Nothing was connected to.",
        do='Write it as for psql: a database name, "host=… dbname=… user=…", or postgresql://user@host:port/database.',
    )


def _attempts(message: str) -> list[Attempt]:
    """The hosts that were tried (psycopg lists them where there were several), each told once."""
    tried = [_attempt(said, f"{host}:{port}") for host, port, said in _ATTEMPT.findall(message)]
    return list(dict.fromkeys(tried)) or [_attempt(message, "")]


def _attempt(message: str, place: str) -> Attempt:
    """Cut the place out of libpq's message and its lines together."""
    found = _PLACE.search(message)
    if found:
        place = found["socket"] or f"{found['host']}:{found['port']}"
    said = message[found.end() :] if found else message
    return Attempt(place.replace("'", ""), " ".join(said.removeprefix("connection is bad: ").split()))


def _cause(said: str) -> Cause:
    return next((cause for cause in _CAUSES if re.search(cause.words, said)), _UNKNOWN)


def _rank(found: tuple[Cause, str]) -> int:
    """What nobody knows came furthest: a server said it."""
    return _CAUSES.index(found[0]) if found[0] in _CAUSES else -1
