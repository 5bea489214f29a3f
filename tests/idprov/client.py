"""A client of IDProv, written from the protocol alone: no code of certreq is in here.

client.py HOST:PORT directory
client.py HOST:PORT provision DIR DEVICE SECRET        key.pem, cert.pem and caCert.pem in DIR; prints the status
client.py HOST:PORT renew DIR DEVICE                   over mutual TLS with the pair in DIR, for a new key
client.py HOST:PORT ask DIR DEVICE                     over mutual TLS, as another device; prints the status
client.py HOST:PORT secret DIR DEVICE SECRET [UNTIL]   as an operator: admin.pem and admin.key in DIR
client.py HOST:PORT status DIR DEVICE                  with the pair in DIR
client.py HOST:PORT raw METHOD PATH [BODY]             prints status and body
client.py HOST:PORT expired DIR CAKEY ROOT DEVICE      shows a certificate of the hub that has ended; prints refused
client.py HOST:PORT key KIND DIR DEVICE SECRET         a request for a key of this kind
"""

import base64
import datetime
import hashlib
import hmac
import http.client
import json
import os
import ssl
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa


def canonical(message):
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    for char, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(char, escape)
    return text.encode()


def sign(message, secret):
    unsigned = dict(message, signature="")
    return base64.b64encode(hmac.new(secret.encode(), canonical(unsigned), hashlib.sha256).digest()).decode()


def context(ca=None, pair=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca is None:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    else:
        made.load_verify_locations(ca)
    if pair is not None:
        made.load_cert_chain(*pair)
    return made


def exchange(place, method, path, body=None, **tls):
    connection = http.client.HTTPSConnection(place, timeout=60, context=context(**tls))
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def directory(place):
    status, body = exchange(place, "GET", "/idprov/directory")
    assert status == 200, body
    found = json.loads(body)
    assert found["version"] == "1", found
    return found, base64.b64decode(found["caCert"]).decode()


def public(key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def private(key):
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def request(device, key_pem, secret):
    message = {"deviceID": device, "ip": "127.0.0.1", "mac": "", "publicKeyPEM": key_pem, "signature": ""}
    message["signature"] = sign(message, secret)
    return json.dumps(message)


def accept(body, key, secret, root):
    answer = json.loads(body)
    if answer["status"] != "Approved":
        assert answer["clientCert"] == "" and answer["signature"] == "", answer
        return answer["status"], None
    fields = (["retrySec"] if "retrySec" in answer else []) + ["status", "caCert", "clientCert", "signature"]
    ordered = {name: answer[name] for name in fields}
    assert hmac.compare_digest(sign(ordered, secret), answer["signature"]), "the signature of the answer"
    assert answer["caCert"] == root, "the root of the answer is the root of the directory"
    leaf = x509.load_pem_x509_certificate(answer["clientCert"].encode())
    assert leaf.public_key().public_numbers() == key.public_key().public_numbers()
    return "Approved", answer["clientCert"]


def profile(pem, device):
    """What a certificate of a hub holds."""
    leaf = x509.load_pem_x509_certificate(pem.encode())
    assert leaf.subject.rfc4514_string() == f"CN={device},OU=iotdevice,O=WoST,L=WoST zone", leaf.subject
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical and usage.value.digital_signature and usage.value.key_encipherment
    assert usage.value.data_encipherment and not usage.value.key_cert_sign
    extended = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [one.dotted_string for one in extended] == ["1.3.6.1.5.5.7.3.2"]
    basic = leaf.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical and not basic.value.ca
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert len(list(names)) == 1 and device in list(names)[0].value, names
    assert leaf.serial_number.bit_length() > 100


def save(where, name, content, mode=0o600):
    path = os.path.join(where, name)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def main(place, verb, *rest):
    if verb == "directory":
        found, root = directory(place)
        print(json.dumps(found))
        return
    if verb == "raw":
        method, path, *body = rest
        status, answer = exchange(place, method, path, body[0] if body else None)
        print(status, answer.decode(errors="replace"))
        return
    if verb == "key":
        kind, where, device, secret = rest
        made = {
            "rsa": lambda: rsa.generate_private_key(65537, 2048),
            "ed25519": ed25519.Ed25519PrivateKey.generate,
            "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
            "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
            "off": lambda: ec.generate_private_key(ec.SECP256R1()),
        }[kind]()
        pem = public(made)
        if kind == "off":
            # The last octet of the point is another one, so that it lies beside the curve.
            der = bytearray(base64.b64decode("".join(pem.splitlines()[1:-1])))
            der[-1] ^= 1
            text = base64.b64encode(bytes(der)).decode()
            pem = "-----BEGIN PUBLIC KEY-----\n" + text[:64] + "\n" + text[64:] + "\n-----END PUBLIC KEY-----\n"
        status, body = exchange(place, "POST", "/idprov/provreq", request(device, pem, secret))
        print(status, json.loads(body).get("status", body.decode()))
        return
    if verb == "expired":
        where, ca_key, root, device = rest
        authority = serialization.load_pem_private_key(open(ca_key, "rb").read(), None)
        issuer = x509.load_pem_x509_certificate(open(root, "rb").read())
        key = ec.generate_private_key(ec.SECP256R1())
        parts = [("2.5.4.7", "WoST zone"), ("2.5.4.10", "WoST"), ("2.5.4.11", "iotdevice"), ("2.5.4.3", device)]
        subject = x509.Name([x509.NameAttribute(x509.ObjectIdentifier(oid), text) for oid, text in parts])
        ended = issuer.not_valid_before
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer.subject)
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(ended - datetime.timedelta(days=2)).not_valid_after(ended - datetime.timedelta(days=1))
        usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.2")])
        leaf = builder.add_extension(usage, False).sign(authority, hashes.SHA256())
        pair = (
            save(where, "old.pem", leaf.public_bytes(serialization.Encoding.PEM)),
            save(where, "old.key", private(key)),
        )
        try:
            status, body = exchange(place, "POST", "/idprov/provreq", request(device, public(key), ""), ca=root, pair=pair)
            print(status, body.decode())
        except (ssl.SSLError, ConnectionError):
            print("refused")
        return
    where, device, *more = rest
    root_file = os.path.join(where, "caCert.pem")
    if verb == "provision":
        (secret,) = more
        _, root = directory(place)
        save(where, "caCert.pem", root, 0o644)
        key_file = os.path.join(where, "key.pem")
        if os.path.exists(key_file):
            key = serialization.load_pem_private_key(open(key_file, "rb").read(), None)
        else:
            key = ec.generate_private_key(ec.SECP256R1())
            save(where, "key.pem", private(key))
        body = request(device, public(key), secret)
        status, answer = exchange(place, "POST", "/idprov/provreq", body, ca=root_file)
        assert status == 200, answer
        said, certificate = accept(answer, key, secret, root)
        if certificate:
            profile(certificate, device)
            save(where, "cert.pem", certificate, 0o644)
        print(said)
    elif verb in ("renew", "ask"):
        pair = (os.path.join(where, "cert.pem"), os.path.join(where, "key.pem"))
        key = ec.generate_private_key(ec.SECP256R1())
        body = request(device, public(key), "of no use")
        status, answer = exchange(place, "POST", "/idprov/provreq", body, ca=root_file, pair=pair)
        assert status == 200, answer
        said, certificate = accept(answer, key, "", open(root_file).read())
        if certificate and verb == "renew":
            profile(certificate, device)
            save(where, "key.pem", private(key))
            save(where, "cert.pem", certificate, 0o644)
        print(said)
    elif verb == "secret":
        secret, *until = more
        pair = (os.path.join(where, "admin.pem"), os.path.join(where, "admin.key"))
        message = {"deviceID": device, "oobSecret": secret, "validUntil": until[0] if until else ""}
        ca = os.path.join(where, "ca.pem")
        print(*exchange(place, "POST", "/idprov/oobsecret", json.dumps(message), ca=ca, pair=pair))
    elif verb == "status":
        pair = (os.path.join(where, "cert.pem"), os.path.join(where, "key.pem"))
        status, body = exchange(place, "GET", f"/idprov/status/{device}", ca=root_file, pair=pair)
        answer = json.loads(body)
        if status == 200 and answer["clientCert"]:
            x509.load_pem_x509_certificate(base64.b64decode(answer["clientCert"]))
        print(status, answer.get("status", answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
