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


def client(options):
    made = Client(CallbackAPIVersion.VERSION2, client_id=options.id)
    made.tls_set(
        ca_certs=f"{options.dir}/ca/ca.pem",
        certfile=f"{options.dir}/cert_{options.id}/cert.pem",
        keyfile=f"{options.dir}/cert_{options.id}/private.key",
        tls_version=ssl.PROTOCOL_TLS_CLIENT,
    )
    return made


def refused(reason):
    """Paho reports a refusal and tries again for ever; a person wants to know."""
    raise SystemExit(f"the broker refused: {reason}")
