"""What a publisher and a subscriber have in common: a client that shows the pair of a device directory."""

import argparse
import ssl

from paho.mqtt.client import CallbackAPIVersion, Client


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("id", help="the device: its pair is in cert_ID")
    parser.add_argument("--host", default="localhost", help="a name or address in the broker's certificate")
    parser.add_argument("--port", type=int, default=8883)
    parser.add_argument("--dir", default=".", help="the directory with ca/ and cert_ID/")
    parser.add_argument("--topic", required=True)
    return parser


def client(options, role):
    # A broker ends the older of two connections with one client id: the role keeps them apart.
    made = Client(CallbackAPIVersion.VERSION2, client_id=f"{options.id}-{role}", userdata=options)
    made.tls_set(
        ca_certs=f"{options.dir}/ca/ca.pem",
        certfile=f"{options.dir}/cert_{options.id}/cert.pem",
        keyfile=f"{options.dir}/cert_{options.id}/private.key",
        tls_version=ssl.PROTOCOL_TLS_CLIENT,
    )
    made.on_disconnect = closed
    options.accepted = False
    return made


def accepted(options, reason_code):
    """For on_connect: Paho would try again for ever after a refusal; a person wants to know."""
    if reason_code.is_failure:
        raise SystemExit(f"the broker refused: {reason_code}")
    options.accepted = True


def closed(client, options, flags, reason_code, properties):
    """A broker that does not like the certificate (revoked, expired, unknown) just closes. Later, Paho reconnects."""
    if not options.accepted:
        raise SystemExit("the broker closed the connection before it answered: it refused the certificate")
