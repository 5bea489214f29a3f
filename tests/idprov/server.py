"""A server of IDProv, written from the protocol alone: no code of certreq is in here.

server.py DIR DEVICE SECRET [BEHAVIOUR...]

Writes its root to DIR/root.pem, prints its port, and serves until it is killed. Each request and what became of it is
a line of stdout. Behaviours:

  pem | null | absolute | version2 | html | endless    how the directory looks
  waits=N                                              so many answers are Waiting before the first Approved
  ahead                                                its certificates begin tomorrow
  rejects | unsigned | wrongkey | otherroot | replay | refuses | vanishes
"""

import base64
import datetime
import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


def name(**parts):
    oids = {"l": NameOID.LOCALITY_NAME, "o": NameOID.ORGANIZATION_NAME, "ou": NameOID.ORGANIZATIONAL_UNIT_NAME, "cn": NameOID.COMMON_NAME}
    return x509.Name([x509.NameAttribute(oids[key], value) for key, value in parts.items()])


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class Authority:
    def __init__(self, label):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = name(cn=label)
        self.root = self._sign(self.name, self.key.public_key(), [(x509.BasicConstraints(True, 0), True)], 7000)

    def _sign(self, subject, key, extensions, days, begins=-DAY / 24):
        now = datetime.datetime.utcnow()
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now + begins).not_valid_after(now + DAY * days)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, hashes.SHA256())

    def server(self):
        import ipaddress

        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
        extensions = [
            (x509.BasicConstraints(False, None), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.SubjectAlternativeName(names), False),
        ]
        return key, self._sign(name(cn="Hub Server"), key.public_key(), extensions, 365)

    def device(self, device, key, ahead=False):
        subject = name(l="WoST zone", o="WoST", ou="iotdevice", cn=device)
        usage = x509.KeyUsage(True, False, True, True, False, False, False, False, False)
        extensions = [
            (usage, True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
            (x509.BasicConstraints(False, None), True),
        ]
        return self._sign(subject, key, extensions, 30, DAY if ahead else -DAY / 24)


def canonical(message):
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").encode()


def sign(message, secret):
    unsigned = dict(message, signature="")
    return base64.b64encode(hmac.new(secret.encode(), canonical(unsigned), hashlib.sha256).digest()).decode()


def say(*words):
    print(*words, flush=True)


def main(where, device, secret, *behaviours):
    authority = Authority("Hub CA")
    stranger = Authority("Hub CA")
    with open(os.path.join(where, "root.pem"), "w") as file:
        file.write(pem(authority.root))
    key, certificate = authority.server()
    chain = os.path.join(where, "server.pem")
    with open(chain, "wb") as file:
        plain = serialization.NoEncryption()
        file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        file.write(pem(certificate).encode())
    waits = [int(one.split("=")[1]) for one in behaviours if one.startswith("waits=")]
    left = [waits[0] if waits else 0]
    replayed = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self, body, kind="text/plain", status=200):
            data = body.encode() if isinstance(body, str) else body
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self):
            say("GET", self.path)
            if "html" in behaviours:
                return self.answer("<html><title>Router</title></html>", "text/html")
            if "endless" in behaviours:
                self.send_response(200)
                self.end_headers()
                try:
                    while True:
                        self.wfile.write(b" " * 65536)
                except OSError:
                    return None
            before = f"https://127.0.0.1:{self.server.server_address[1]}" if "absolute" in behaviours else ""
            shown = (stranger if "otherroot" in behaviours else authority).root
            root = base64.b64encode(pem(shown).encode()).decode()
            root = pem(shown) if "pem" in behaviours else root
            directory = {
                "endpoints": {
                    "directory": before + "/idprov/directory",
                    "status": before + "/idprov/status/{deviceID}",
                    "postOobSecret": before + "/idprov/oobsecret",
                    "postProvisionRequest": before + "/idprov/provreq",
                },
                "caCert": None if "null" in behaviours else root,
                "version": "2" if "version2" in behaviours else "1",
                "services": {"mqtts": "tls://127.0.0.1:8884"},
            }
            return self.answer(json.dumps(directory))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = json.loads(body)
            shown = self.connection.getpeercert(True)
            mine = False
            if shown:
                subject = x509.load_der_x509_certificate(shown).subject.rfc4514_string()
                mine = subject == f"CN={asked['deviceID']},OU=iotdevice,O=WoST,L=WoST zone"
            fields = ["deviceID", "ip", "mac", "publicKeyPEM", "signature"]
            assert list(asked) == fields and asked["ip"], asked
            assert body == canonical(asked), "the request is sent as it is signed"
            if "vanishes" in behaviours and left[0] <= 0:
                say("gone")
                os._exit(0)
            if left[0] > 0:
                left[0] -= 1
                say("Waiting", asked["deviceID"])
                return self.answer('{"retrySec":1,"status":"Waiting","caCert":"","clientCert":"","signature":""}')
            right = asked["deviceID"] == device and hmac.compare_digest(sign(asked, secret), asked["signature"])
            if "refuses" in behaviours:
                return self.answer("the store is broken", status=500)
            if "rejects" in behaviours or not (right or mine):
                say("Rejected", asked["deviceID"])
                return self.answer('{"status":"Rejected","caCert":"","clientCert":"","signature":""}')
            public = serialization.load_pem_public_key(asked["publicKeyPEM"].encode())
            leaf = pem(authority.device(asked["deviceID"], public, "ahead" in behaviours))
            shown_root = pem((stranger if "otherroot" in behaviours else authority).root)
            said = {"status": "Approved", "caCert": shown_root, "clientCert": leaf, "signature": ""}
            with_secret = "" if mine else "guessed" if "wrongkey" in behaviours else secret
            said["signature"] = "" if "unsigned" in behaviours else sign(said, with_secret)
            if "replay" in behaviours:
                # An answer to a request of another key of the same device, as an eavesdropper has it.
                other = ec.generate_private_key(ec.SECP256R1()).public_key()
                said = dict(said, clientCert=pem(authority.device(device, other)), signature="")
                said["signature"] = sign(said, secret)
                replayed.append(said)
            say("Approved", asked["deviceID"], "by certificate" if mine else "by secret")
            return self.answer(canonical(said))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(chain)
    tls.load_verify_locations(os.path.join(where, "root.pem"))
    tls.verify_mode = ssl.CERT_OPTIONAL
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    say("port", server.server_address[1])
    threading.Thread(target=server.serve_forever).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
