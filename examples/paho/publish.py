"""publish.py a1998e --topic admin:a1998e/attrs --message '{"temperature": 21.5}'"""

import device

parser = device.arguments(__doc__)
parser.add_argument("--message", required=True)
options = parser.parse_args()


def on_connect(client, userdata, flags, reason_code, properties):
    device.accepted(options, reason_code)
    client.publish(options.topic, options.message, qos=1)


def on_publish(client, userdata, mid, reason_code, properties):
    print("published", flush=True)
    client.disconnect()


client = device.client(options, "publish")
client.on_connect = on_connect
client.on_publish = on_publish
client.connect(options.host, options.port)
client.loop_forever()
