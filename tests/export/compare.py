# compare.py P12 PASSWORD KEY CERT ROOT: the PKCS#12 file holds exactly this key and these certificates.
import sys
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

p12, password, key, cert, root = sys.argv[1:]
read = lambda path: open(path, "rb").read()
held = pkcs12.load_pkcs12(read(p12), password.encode())
known = serialization.load_pem_private_key(read(key), None)
assert held.key.private_numbers() == known.private_numbers()
path = [held.cert.certificate] + [one.certificate for one in held.additional_certs]
wanted = x509.load_pem_x509_certificates(read(cert)) + x509.load_pem_x509_certificates(read(root))
assert path == wanted, (path, wanted)
print("equal")
