"""Buys 0.01 lots of EURUSD on the first account that the key sees, and waits for the position."""

import json
import os
import uuid

from web_socket import WebSocket

ws = WebSocket(os.environ.get("WS_URL", "ws://localhost:8082/ws"), timeout=25)


def send(message_type):
    ws.send(json.dumps({"message_id": str(uuid.uuid4()), "message_type": message_type}))


def messages():
    """Name and body of everything the server says; its pings are answered on the way."""
    while True:
        envelope = json.loads(ws.receive())
        if envelope["message_type"] == "Ping":
            ws.send(json.dumps({"message_id": envelope["message_id"], "message_type": "Pong"}))
        else:
            yield next(iter(envelope["message_type"]["server_message"].items()))


request = {"secret_key": os.environ["WS_KEY"], "features": ["responses", "error"]}
send({"client_message": {"auth_request": request}})
order_id = None
for name, body in messages():
    if name == "auth_result":
        print("auth_result", body["result"])
        send({"client_message": {"get_accounts": {}}})
    elif name == "get_accounts_response":
        order = {"account_id": body["success"][0]["id"], "asset_pair": "EURUSD", "side": "Buy"}
        order |= {"order_type": "Market", "lots_amount": 0.01, "process_id": str(uuid.uuid4())}
        send({"client_message": {"place_order": order}})
    elif name == "place_order_response":
        if "error" in body:
            raise SystemExit(f"the order was refused: {body['error']} ({body['message']})")
        order_id = body["success"]["request_id"]
        print("order", order_id, "is", body["success"]["state"])
    elif name == "request_update":
        print("the order is", body["state"], body["message"] or "")
    elif name == "position" and body.get("created", {}).get("open_process_id") == order_id:
        print("position.created", body["created"]["id"], "at", body["created"]["asset_open_price"])
        break
ws.close()
