"""Prints what the key sees: what stands, then what happens, through every interruption.

WS_URL=ws://localhost:8082/ws WS_KEY=... python3 examples/follow_account.py
"""

import json
import os
import random
import sys
import time

from web_socket import Closed, WebSocket

URL = os.environ.get("WS_URL", "ws://localhost:8082/ws")
KEY = os.environ.get("WS_KEY", "")
SILENCE_SECONDS = 25
UNAUTHORIZED = 4401


def follow() -> None:
    """Comes back after every loss, right after the last event that was dealt with."""
    cursor = None
    failures = 0
    while True:
        try:
            for cursor in session(cursor):
                failures = 0
        except Closed as error:
            if error.code == UNAUTHORIZED:
                sys.exit("unauthorized: the server does not accept this key")
            say(f"disconnected ({error})")
        except OSError as error:
            say(f"disconnected ({error})")
        time.sleep(random.uniform(0, min(30, 0.5 * 2**failures)))
        failures = min(failures + 1, 10)


def session(cursor):
    """One session: yields the cursor of everything that was dealt with, and ends by an exception."""
    ws = WebSocket(URL, SILENCE_SECONDS)
    try:
        request = {"secret_key": KEY, "features": ["sequence", "snapshot", "heartbeat"]}
        if cursor is not None:
            request["resume"] = {"cursor": cursor}
        send(ws, "auth", {"client_message": {"auth_request": request}})
        while True:
            envelope = json.loads(ws.receive())
            kind = envelope["message_type"]
            if kind == "Ping":
                send(ws, envelope["message_id"], "Pong")
                continue
            if kind == "Pong":
                continue
            (name, body), *_ = kind["server_message"].items()
            tell(name, body)
            cursor = envelope.get("cursor") or (body["cursor"] if name == "sync_completed" else None)
            if cursor is not None:
                yield cursor
    finally:
        ws.close()


def send(ws, message_id, kind) -> None:
    ws.send(json.dumps({"message_id": message_id, "message_type": kind}))


def tell(name, body) -> None:
    if name == "auth_result":
        return say("connected" if body["result"] == "success" else body["result"])
    if name not in ("account_event", "position", "pending_position"):
        return
    (change, subject), *_ = body.items()
    items = subject["items"] if change == "snapshot" else [subject]
    for item in items:
        if name == "account_event":
            account = item.get("account", item)
            say(f"account {account['id']} has {account['balance']} {account['currency']}")
        elif name == "position":
            words = f"{item['side']} {item['lots_amount']} lots of {item['asset_pair']} at {item['asset_open_price']}"
            say(f"{'open' if change == 'snapshot' else f'position.{change}'} {words}, profit {item['profit']}")
        elif change != "snapshot":
            say(f"pending_position.{change} {item['asset_pair']} at {item['desire_price']}")


def say(line) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    try:
        follow()
    except KeyboardInterrupt:
        pass
