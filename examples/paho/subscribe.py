"""subscribe.py b2c3d4 --topic admin:b2c3d4/config"""

import device

parser = device.arguments(__doc__)
parser.add_argument("--count", type=int, default=0, help="end after so many messages")
options = parser.parse_args()
left = options.count


def on_connect(client, userdata, flags, reason_code, properties):
    device.accepted(options, reason_code)
    client.subscribe(options.topic, qos=1)


def on_subscribe(client, userdata, mid, reason_codes, properties):
    # A broker may grant what it will never deliver: only a message proves it.
    print("subscribed:", *reason_codes, flush=True)


def on_message(client, userdata, message):
    global left
    print(message.topic, message.payload.decode(), flush=True)
    left -= 1
    if left == 0:
        client.disconnect()


client = device.client(options, "subscribe")
client.on_connect = on_connect
client.on_subscribe = on_subscribe
client.on_message = on_message
client.connect(options.host, options.port)
client.loop_forever()
