"""Asks a running quarterd by Varlink, with the client of the Varlink project (PyPI: varlink).

Usage: varlink_client.py SOCKET PUBLIC_SOCKET ADMIN_SOCKET

Ends with a line that says what it looked at, or with what was wrong. Replies are checked against the description that the
daemon itself gives, as the client's own reader of descriptions understands it.
"""

import http.client
import json
import socket
import sys
import threading
import urllib.parse

import varlink
from varlink import scanner

VARLINK, PUBLIC, ADMIN = sys.argv[1:4]
NAME = "org.quarter.Directory"


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


def ask(path, method, target, body=None):
    connection = Connection(path)
    connection.request(method, target, body=json.dumps(body).encode() if body is not None else None)
    answer = connection.getresponse()
    value = json.loads(answer.read())
    assert answer.status == 200, (target, answer.status, value)
    return value


def get(path, **words):
    return ask(PUBLIC, "GET", path + "?" + urllib.parse.urlencode(words, doseq=True))


def faults(interface, kind, value, path):
    """What is wrong with a value; a field that is not declared is wrong, too."""
    if isinstance(kind, scanner._Maybe):
        return [] if value is None else faults(interface, kind.element_type, value, path)
    if isinstance(kind, scanner._CustomType):
        return faults(interface, interface.members[kind.name].type, value, path)
    if isinstance(kind, scanner._Enum):
        return [] if value in list(kind.fields) else [f"{path} is {value!r}"]
    if isinstance(kind, scanner._Array):
        if not isinstance(value, list):
            return [f"{path} is {value!r}, and no array"]
        return [f for i, v in enumerate(value) for f in faults(interface, kind.element_type, v, f"{path}[{i}]")]
    if isinstance(kind, scanner._Dict):
        if not isinstance(value, dict):
            return [f"{path} is {value!r}, and no map"]
        return [f for k, v in value.items() for f in faults(interface, kind.element_type, v, f"{path}.{k}")]
    if isinstance(kind, scanner._Struct):
        if not isinstance(value, dict):
            return [f"{path} is {value!r}, and no struct"]
        wrong = [f"{path}.{k} is not declared" for k in value if k not in kind.fields]
        return wrong + [f for k, t in kind.fields.items() for f in faults(interface, t, value.get(k), f"{path}.{k}")]
    if isinstance(kind, scanner._Object):
        return [] if isinstance(value, dict) else [f"{path} is {value!r}, and no object"]
    fits = {
        bool: lambda: isinstance(value, bool),
        int: lambda: isinstance(value, int) and not isinstance(value, bool),
        float: lambda: isinstance(value, (int, float)) and not isinstance(value, bool),
        str: lambda: isinstance(value, str),
    }[type(kind)]
    return [] if fits() else [f"{path} is {value!r}, and no {type(kind).__name__}"]


class Raw:
    """Calls without the client's filter, which would drop what is not declared."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(VARLINK)
        self.rest = b""

    def send(self, method, parameters, **flags):
        call = {"method": f"{NAME}.{method}", "parameters": parameters, **flags}
        self.socket.sendall(json.dumps(call).encode() + b"\0")

    def receive(self):
        while b"\0" not in self.rest:
            piece = self.socket.recv(65536)
            assert piece, "closed"
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, parameters, **flags):
        self.send(method, parameters, **flags)
        return self.receive()


def same(interface, raw, method, parameters, answer):
    reply = raw.call(method, parameters)
    assert reply.get("parameters") == answer, (method, parameters, reply, answer)
    wrong = faults(interface, interface.get_method(method).out_type, answer, method)
    assert not wrong, wrong[:5]
    return 1


def main():
    checked = 0
    with varlink.Client("unix:" + VARLINK) as client:
        interfaces = client.get_interfaces()
        assert set(interfaces) == {"org.varlink.service", NAME}, interfaces
        interface = client.get_interface(NAME)
        with client.open("org.varlink.service") as service:
            info = service.GetInfo()
            assert info["product"] == "quarterd" and info["interfaces"] == ["org.varlink.service", NAME], info
        raw = Raw()
        with client.open(NAME) as directory:
            # Every origin, as everybody, open on arrival, in both languages.
            for origin in get("/v1/origins", limit=40)["origins"]:
                for words in (
                    {"limit": 10},
                    {"limit": 50, "profile": "elder", "lang": "en"},
                    {"minutes": 5, "open": "arrival", "type": ["canteen", "wet_market"]},
                    {"where": ["stalls.goods:has:水果"], "class": "basic"},
                    {"q": "食堂", "limit": 5},
                ):
                    words = {"origin": origin["id"], **words}
                    checked += same(interface, raw, "Reach", words, get("/v1/reach", **words))
            page = directory.Reach(origin="kiosk-demo-1", limit=3)
            assert len(page["places"]) == 3, page
            after = directory.Reach(origin="kiosk-demo-1", limit=3, cursor=page["next"])
            assert not {p["id"] for p in page["places"]} & {p["id"] for p in after["places"]}
            for words in ({"q": "买菜"}, {"q": "csc", "kind": ["place", "origin"]}, {"q": "shitang", "lang": "en", "lat": 32.0, "lon": 118.69}):
                answer = get("/v1/search", **words)
                assert answer["found"], words
                checked += same(interface, raw, "Search", words, answer)
            for place in get("/v1/places", limit=500)["places"]:
                answer = ask(PUBLIC, "GET", f"/v1/places/{place['id']}")
                checked += same(interface, raw, "GetPlace", {"id": place["id"]}, answer)

            # The typed errors, as the client raises them.
            for name, code, call in (
                ("NotFound", "not_found", lambda: directory.GetPlace("nobody")),
                ("InvalidRequest", "invalid_request", lambda: directory.Reach(origin="kiosk-demo-1", minutes=99)),
                ("InvalidRequest", "invalid_cursor", lambda: directory.Reach(origin="kiosk-demo-1", cursor="x")),
                ("NoWalk", "origin_off_network", lambda: directory.Reach(lat=0, lon=0)),
            ):
                try:
                    call()
                except varlink.VarlinkError as error:
                    assert error.error() == f"{NAME}.{name}", error
                    wrong = faults(interface, interface.members[name].type, error.parameters(), name)
                    assert not wrong and error.parameters()["code"] == code, (wrong, error)
                else:
                    raise AssertionError(f"no {name}")
                checked += 1
            for parameters, wanted in (({"nothing": 1}, varlink.InvalidParameter), ({"minutes": "5"}, varlink.InvalidParameter)):
                reply = raw.call("Reach", parameters)
                assert isinstance(varlink.VarlinkError.new(reply), wanted), reply

            # A call without a reply, and then one with.
            directory.Reach(origin="kiosk-demo-1", _oneway=True)
            assert directory.Reach(origin="kiosk-demo-1", limit=1)["places"]

        # A thousand calls in one piece.
        with socket.socket(socket.AF_UNIX) as many:
            many.settimeout(60)
            many.connect(VARLINK)
            calls = b"".join(
                json.dumps({"method": f"{NAME}.Reach", "parameters": {"origin": "kiosk-demo-1", "limit": 1 + n % 9}}).encode()
                + b"\0"
                for n in range(1000)
            )
            threading.Thread(target=many.sendall, args=(calls,)).start()
            received = b""
            while received.count(b"\0") < 1000:
                piece = many.recv(1 << 20)
                assert piece, "closed"
                received += piece
            for n, message in enumerate(received.split(b"\0")[:1000]):
                assert len(json.loads(message)["parameters"]["places"]) == 1 + n % 9, n
            checked += 1000

        # A commit through the admin socket is told to whoever watches, and counts in the next answer.
        with client.open(NAME) as watching, client.open(NAME) as directory:
            replies = watching.Watch(kind=["place"], **{"with": "record"}, _more=True)
            first = next(replies)
            assert first["changes"] == [], first
            location = get("/v1/origins/kiosk-demo-1")["location"]
            body = {"type": "pharmacy", "name": "大堂药房", "location": location}
            written = ask(ADMIN, "PUT", "/v1/places/varlink-1", body)
            told = next(replies)
            change = told["changes"][0]
            assert (change["id"], change["change"], change["revision"]) == ("varlink-1", "created", written["revision"]), told
            assert change["record"]["name"] == "大堂药房" and "actor" not in change, told
            wrong = faults(interface, interface.get_method("Watch").out_type, told, "Watch")
            assert not wrong, wrong
            near = directory.Reach(origin="kiosk-demo-1", type=["pharmacy"], limit=1)["places"][0]
            assert near["id"] == "varlink-1", near
            ask(ADMIN, "DELETE", "/v1/places/varlink-1")
            assert next(replies)["changes"][0]["change"] == "removed"
            # From before the write on, by another who was away meanwhile.
            with client.open(NAME) as late:
                seen = next(late.Watch(since=first["next"], _more=True))
                assert [c["id"] for c in seen["changes"]] == ["varlink-1", "varlink-1"], seen
            checked += 4
    print(f"{checked} replies are as declared, and as over HTTP")


main()
