"""A handler of meeting events in Python's standard library, for `npx meetbus listen`.

It takes CloudEvents over HTTP, in structured and in binary mode, and skips an event that it has handled already.

    python3 handler.py [port]
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote

# Ids of handled events. A service of your own keeps them in its database, for as long as it may replay events.
handled = set()


def handle(event):
    """Here your work begins. An exception means that the event was not handled: it comes again."""
    print(event["type"], event.get("subject", ""), event["id"], flush=True)


def read_event(headers, body):
    """The CloudEvent of a request, as a dictionary. Raises ValueError if it is none."""
    content_type = headers.get("content-type", "")
    if content_type.startswith("application/cloudevents+json"):
        event = json.loads(body)
        if not isinstance(event, dict):
            raise ValueError("no CloudEvent: the body is no JSON object")
    else:
        # Attributes are in headers, percent-encoded, and the body is the data.
        event = {name[3:].lower(): unquote(value) for name, value in headers.items() if name.lower().startswith("ce-")}
        event["data"] = json.loads(body)
    missing = {"specversion", "id", "source", "type"} - event.keys()
    if missing:
        raise ValueError(f"no CloudEvent: it lacks {', '.join(sorted(missing))}")
    return event


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            event = read_event(self.headers, body)
        except ValueError as error:
            return self.answer(400, f"{error}\n")
        if event["id"] not in handled:
            try:
                handle(event)
            except Exception as error:
                return self.answer(500, f"{type(error).__name__}: {error}\n")
            handled.add(event["id"])
        self.answer(204)

    def answer(self, status, text=""):
        self.send_response(status)
        if status != 204:
            self.send_header("content-type", "text/plain; charset=utf-8")
            self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        """`listen` shows a line for each request."""


def serve(port):
    """Serves one request at a time, on this machine alone, until Ctrl-C."""
    with HTTPServer(("127.0.0.1", port), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8080)
