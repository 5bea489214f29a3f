#!/usr/bin/env bash
# The classic way to get device certificates, one device after the other: log in, list the devices, fetch the CA,
# then for each device a key and a CSR with openssl, a POST, and a PATCH that makes the device the owner.
# The baseline of the benches, and a test of the embedded platform: it works there unchanged.
#
# usage: classic.sh URL USER SECRET_FILE [ID...]      files go to the current directory
set -euo pipefail

url=$1 user=$2 secret_file=$3
shift 3

json=(-sS --fail-with-body -H 'Content-Type: application/json')

token=$(jq -nc --arg u "$user" --rawfile s "$secret_file" '{username: $u, passwd: ($s | rtrimstr("\n"))}' |
    curl "${json[@]}" --data-binary @- "$url/auth" | jq -er .jwt)
bearer=(-H "Authorization: Bearer $token")

if [ $# -eq 0 ]; then
    mapfile -t ids < <(curl -sS --fail-with-body "${bearer[@]}" "$url/device?idsOnly=true&page_size=1000&page_num=1" | jq -r '.[]')
    set -- "${ids[@]}"
fi

mkdir -p ca
curl -sS --fail-with-body "${bearer[@]}" "$url/x509/v1/ca" | jq -er .caPem > ca/ca.pem

for id in "$@"; do
    dir=cert_$id
    mkdir -p "$dir"
    openssl req -new -newkey rsa:2048 -nodes -sha256 -subj "/CN=$id" \
        -keyout "$dir/private.key" -out "$dir/$id.csr" 2> /dev/null
    answer=$(jq -nc --rawfile csr "$dir/$id.csr" '{csr: $csr}' |
        curl "${json[@]}" "${bearer[@]}" --data-binary @- "$url/x509/v1/certificates")
    jq -er .certificatePem <<< "$answer" > "$dir/cert.pem"
    fingerprint=$(jq -er .certificateFingerprint <<< "$answer")
    jq -nc --arg id "$id" '{belongsTo: {device: $id}}' |
        curl "${json[@]}" "${bearer[@]}" -X PATCH --data-binary @- "$url/x509/v1/certificates/$fingerprint"
    rm "$dir/$id.csr"
    echo "$id"
done
