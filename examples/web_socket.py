"""A WebSocket client (RFC 6455) on Python's standard library, as far as one JSON message per text frame needs it."""

import base64
import hashlib
import os
import socket
import ssl
import struct
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Closed(Exception):
    """The connection is over; `code` is the server's, or 1006 where it said none."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code


class WebSocket:
    def __init__(self, url: str, timeout: float) -> None:
        """Opens a connection; whoever is silent for `timeout` seconds is taken for dead (TimeoutError)."""
        parts = urlsplit(url)
        secure = parts.scheme == "wss"
        address = (parts.hostname, parts.port or (443 if secure else 80))
        self.socket = socket.create_connection(address, timeout)
        if secure:
            self.socket = ssl.create_default_context().wrap_socket(self.socket, server_hostname=parts.hostname)
        self.stream = self.socket.makefile("rb")
        self._upgrade(parts.netloc, parts.path or "/")

    def send(self, text: str) -> None:
        self._write(TEXT, text.encode())

    def receive(self) -> str:
        """The next message. Control frames are dealt with on the way."""
        message = b""
        while True:
            final, opcode, payload = self._read()
            if opcode == PING:
                self._write(PONG, payload)
            elif opcode == CLOSE:
                code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1006
                raise Closed(code, payload[2:].decode())
            elif opcode != PONG:
                message += payload
                if final:
                    return message.decode()

    def close(self) -> None:
        self.stream.close()
        self.socket.close()

    def _upgrade(self, host: str, path: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        status = self.stream.readline().decode().strip()
        headers = {}
        while (line := self.stream.readline().decode().strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
        if " 101 " not in status or headers.get("sec-websocket-accept") != base64.b64encode(digest).decode():
            raise Closed(1006, f"no WebSocket: {status}")

    def _read(self) -> tuple[bool, int, bytes]:
        first, second = self._exactly(2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack("!H", self._exactly(2))[0]
        elif length == 127:
            length = struct.unpack("!Q", self._exactly(8))[0]
        return bool(first & 0x80), first & 0x0F, self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        data = self.stream.read(count)
        if len(data) < count:
            raise Closed(1006, "the connection was lost")
        return data

    def _write(self, opcode: int, payload: bytes) -> None:
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else struct.pack("!BH", 0x80 | 126, size)
        self.socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)
