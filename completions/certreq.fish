# Ids of the devices that have a directory in --dir, else here.
function __certreq_ids
    set -l dir .
    set -l words (commandline -opc)
    for i in (seq (count $words))
        switch $words[$i]
            case '--dir=*'
                set dir (string replace -- '--dir=' '' $words[$i])
            case --dir
                set -q words[(math $i + 1)]; and set dir $words[(math $i + 1)]
        end
    end
    set -l before (string match -r -- '^.*,' (commandline -ct); or echo '')
    for id in $dir/cert_*/
        echo $before(string replace -r -- '^.*/cert_([^/]*)/$' '$1' $id)
    end
end

# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_certreq_global_optspecs
    string join \n v/verbose q/quiet json color= help help-all i/ids= all ids-from= id-column= shard= key= key-store= san= csr= force dry-run dir= out= wait h/host= p/port= u/user= s/secret= secret-file= secret-command= t/token-file= auth= realm= client-id= token-url= access-token-file= est= est-cert= est-key= est-wait= idprov= cacert= ca-fingerprint= accept-new-ca= connect-timeout= timeout= local= authority= registered-only ca-passphrase-file= oob-secret-file= oob-secrets= wait-for= jobs= retries= give-up-after= o/format= profile= V/version
end

function __fish_certreq_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_certreq_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_certreq_using_subcommand
    set -l cmd (__fish_certreq_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c certreq -n "__fish_certreq_needs_command" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_needs_command" -s i -l ids -d 'Device ids, separated by commas (can be repeated)' -r -f -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_needs_command" -l ids-from -d 'Read ids from a file or stdin, one per line' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l id-column -d 'Read ids from this column of a CSV with a header' -r
complete -c certreq -n "__fish_certreq_needs_command" -l shard -d 'Only shard K of N, or auto (`certreq help summary`)' -r
complete -c certreq -n "__fish_certreq_needs_command" -l key -d 'Kind of key: p256, p384, p521, rsa2048, rsa3072 or rsa4096' -r
complete -c certreq -n "__fish_certreq_needs_command" -l key-store -d 'Make keys in a PKCS#11 token: pkcs11:token=NAME (RFC 7512)' -r
complete -c certreq -n "__fish_certreq_needs_command" -l san -d 'Names of a server: dns:NAME,ip:ADDRESS' -r
complete -c certreq -n "__fish_certreq_needs_command" -l csr -d 'Sign requests (*.csr) from machines without a network' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l dir -d 'Directory for ca/ and cert_<id>/' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_needs_command" -l out -d 'With --csr: directory for the certificates (<id>.pem) and ca.pem' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_needs_command" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_needs_command" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_needs_command" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_needs_command" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_needs_command" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_needs_command" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_needs_command" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_needs_command" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_needs_command" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_needs_command" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_needs_command" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_needs_command" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_needs_command" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_needs_command" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_needs_command" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_needs_command" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_needs_command" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_needs_command" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_needs_command" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l oob-secret-file -d 'With --idprov: the secret of the device, from a file, or stdin with - (CERTREQ_OOB_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l oob-secrets -d 'With --idprov: devices and their secrets, a CSV with the columns id and secret, or JSON' -r -F
complete -c certreq -n "__fish_certreq_needs_command" -l wait-for -d 'With --idprov: wait this long for the approval of a device [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_needs_command" -l jobs -d 'The most requests in flight' -r
complete -c certreq -n "__fish_certreq_needs_command" -l retries -d 'Further attempts for each when the platform is overloaded or does not answer' -r
complete -c certreq -n "__fish_certreq_needs_command" -l give-up-after -d 'Give up after the platform has not answered for this long' -r
complete -c certreq -n "__fish_certreq_needs_command" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_needs_command" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_needs_command" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_needs_command" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_needs_command" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_needs_command" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_needs_command" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_needs_command" -l all -d 'All devices of the user'
complete -c certreq -n "__fish_certreq_needs_command" -l force -d 'Replace a valid pair; the old one is archived'
complete -c certreq -n "__fish_certreq_needs_command" -l dry-run -d 'Show what would be done, and do nothing'
complete -c certreq -n "__fish_certreq_needs_command" -l wait -d 'Wait until no other certreq works in the directory'
complete -c certreq -n "__fish_certreq_needs_command" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_needs_command" -s V -l version -d 'Print version'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "authority" -d 'Copy an embedded authority to another database'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "config" -d 'Show settings and their sources; check the configuration files'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "devices" -d 'List the devices on the platform'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "ca" -d 'Show and fetch the root, the revocation list and the trusted CAs'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "completions" -d 'Print the completion script of a shell, or write all'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "issue" -d 'Make keys and get certificates for devices'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "key" -d 'Make keys on a machine without a network; csr writes their requests'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "csr" -d 'Write a certificate request for each new key'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "join" -d 'Join certificates with the keys they were issued for'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "connect" -d 'Test a pair against a real server: TLS and MQTT, as the device will'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "discover" -d 'Find provisioning servers on the local network'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "doctor" -d 'Find problems: clock, network, platform, token, directories'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "inspect" -d 'Show certificates, keys, requests and revocation lists'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "list" -d 'List the certificates on the platform'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "oob" -d 'Manage secrets of devices on an IDProv server; approve pending devices'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "register" -d 'Register a certificate of another CA for a device'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "revoke" -d 'Revoke certificates, or remove their owner'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "est" -d 'Approve or refuse requests over EST'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "export" -d 'Write pairs in the file formats of other software'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "renew" -d 'Renew certificates before they expire'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "login" -d 'Log in and keep the token; other commands then need no secret'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "logout" -d 'Delete the token of a host and user'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "man" -d 'Open a manual page, or write all pages'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "serve" -d 'Run the embedded platform: an authority with the platform\'s HTTP API'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "status" -d 'Show a whole fleet: valid, expired, revoked, broken, mismatched'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "summary" -d 'Add up the JSON lines of several runs'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "verify" -d 'Check certificates: chain, time, key, device id, revocation'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "whoami" -d 'Show the device that a directory\'s certificate is for; offline'
complete -c certreq -n "__fish_certreq_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and not __fish_seen_subcommand_from copy help" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand authority; and not __fish_seen_subcommand_from copy help" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand authority; and not __fish_seen_subcommand_from copy help" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and not __fish_seen_subcommand_from copy help" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and not __fish_seen_subcommand_from copy help" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and not __fish_seen_subcommand_from copy help" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and not __fish_seen_subcommand_from copy help" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and not __fish_seen_subcommand_from copy help" -f -a "copy" -d 'Copy all records, and compare both sides'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and not __fish_seen_subcommand_from copy help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from copy" -l database-password-file -d 'Read the database user\'s password from a file (PGPASSWORD and PGPASSFILE work too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from copy" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from copy" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from copy" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from copy" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from copy" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from copy" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from copy" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from help" -f -a "copy" -d 'Copy all records, and compare both sides'
complete -c certreq -n "__fish_certreq_using_subcommand authority; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -f -a "show" -d 'Print every setting and where it comes from: flag, variable, profile, default'
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -f -a "check" -d 'List the errors in the configuration files'
complete -c certreq -n "__fish_certreq_using_subcommand config; and not __fish_seen_subcommand_from show check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -s i -l ids -d 'Device ids, separated by commas (can be repeated)' -r -f -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l ids-from -d 'Read ids from a file or stdin, one per line' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l id-column -d 'Read ids from this column of a CSV with a header' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l shard -d 'Only shard K of N, or auto (`certreq help summary`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l key -d 'Kind of key: p256, p384, p521, rsa2048, rsa3072 or rsa4096' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l key-store -d 'Make keys in a PKCS#11 token: pkcs11:token=NAME (RFC 7512)' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l san -d 'Names of a server: dns:NAME,ip:ADDRESS' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l csr -d 'Sign requests (*.csr) from machines without a network' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l dir -d 'Directory for ca/ and cert_<id>/' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l out -d 'With --csr: directory for the certificates (<id>.pem) and ca.pem' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l oob-secret-file -d 'With --idprov: the secret of the device, from a file, or stdin with - (CERTREQ_OOB_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l oob-secrets -d 'With --idprov: devices and their secrets, a CSV with the columns id and secret, or JSON' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l wait-for -d 'With --idprov: wait this long for the approval of a device [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l jobs -d 'The most requests in flight' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l retries -d 'Further attempts for each when the platform is overloaded or does not answer' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l give-up-after -d 'Give up after the platform has not answered for this long' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l all -d 'All devices of the user'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l force -d 'Replace a valid pair; the old one is archived'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l dry-run -d 'Show what would be done, and do nothing'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l wait -d 'Wait until no other certreq works in the directory'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from show" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from check" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from check" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from check" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from check" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from check" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from check" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print every setting and where it comes from: flag, variable, profile, default'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "check" -d 'List the errors in the configuration files'
complete -c certreq -n "__fish_certreq_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -s o -l format -d 'Output format: a table, one JSON object per line, or CSV with a header' -r -f -a "text\t''
json\t''
csv\t''"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l without-certificate -d 'Only devices without a live certificate'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -f -a "add" -d 'Add devices to the platform; existing ones stay as they are'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and not __fish_seen_subcommand_from add help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l template -d 'Number of the template for the devices; dojot needs one, certreq serve does not' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -s o -l format -d 'Output format: a table, one JSON object per line, or CSV with a header' -r -f -a "text\t''
json\t''
csv\t''"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from add" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add devices to the platform; existing ones stay as they are'
complete -c certreq -n "__fish_certreq_using_subcommand devices; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -f -a "show" -d 'Compare the root on disk with the platform\'s'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -f -a "fetch" -d 'Write ca/ca.pem and ca/crl.pem'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -f -a "crl" -d 'Write ca/crl.pem for a broker'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -f -a "bundle" -d 'Print the platform\'s root and all trusted CAs of the tenant as one PEM file'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -f -a "trust" -d 'Manage other CAs whose certificates the tenant\'s devices may use'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and not __fish_seen_subcommand_from show fetch crl bundle trust help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l dir -d 'Directory with ca/ and cert_<id>/' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from show" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l dir -d 'Directory with ca/ and cert_<id>/' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from fetch" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l part -d 'Write ca/crl-K-of-N.pem, the list of part K of N, in place of the whole one (can be repeated)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l dir -d 'Directory with ca/ and cert_<id>/' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l watch -d 'Keep running: fetch the next list before this one expires'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from crl" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -s o -l out -d 'Write the bundle to a file, in one step [default: stdout]' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l dir -d 'Directory with ca/ and cert_<id>/' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from bundle" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -f -a "add" -d 'Trust the self-signed CA certificate in a file'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -f -a "list" -d 'List the trusted CAs'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -f -a "remove" -d 'Stop trusting a CA'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -f -a "auto-registration" -d 'Set whether a CA\'s certificates may register themselves'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from trust" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "show" -d 'Compare the root on disk with the platform\'s'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "fetch" -d 'Write ca/ca.pem and ca/crl.pem'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "crl" -d 'Write ca/crl.pem for a broker'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "bundle" -d 'Print the platform\'s root and all trusted CAs of the tenant as one PEM file'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "trust" -d 'Manage other CAs whose certificates the tenant\'s devices may use'
complete -c certreq -n "__fish_certreq_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand completions" -l out -d 'Write the scripts of all shells to this directory' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand completions" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand completions" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand completions" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand completions" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand completions" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand completions" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand completions" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -s i -l ids -d 'Device ids, separated by commas (can be repeated)' -r -f -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l ids-from -d 'Read ids from a file or stdin, one per line' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l id-column -d 'Read ids from this column of a CSV with a header' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l shard -d 'Only shard K of N, or auto (`certreq help summary`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l key -d 'Kind of key: p256, p384, p521, rsa2048, rsa3072 or rsa4096' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l key-store -d 'Make keys in a PKCS#11 token: pkcs11:token=NAME (RFC 7512)' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l san -d 'Names of a server: dns:NAME,ip:ADDRESS' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l csr -d 'Sign requests (*.csr) from machines without a network' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l dir -d 'Directory for ca/ and cert_<id>/' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l out -d 'With --csr: directory for the certificates (<id>.pem) and ca.pem' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand issue" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand issue" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l oob-secret-file -d 'With --idprov: the secret of the device, from a file, or stdin with - (CERTREQ_OOB_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l oob-secrets -d 'With --idprov: devices and their secrets, a CSV with the columns id and secret, or JSON' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l wait-for -d 'With --idprov: wait this long for the approval of a device [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l jobs -d 'The most requests in flight' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l retries -d 'Further attempts for each when the platform is overloaded or does not answer' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l give-up-after -d 'Give up after the platform has not answered for this long' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l all -d 'All devices of the user'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l force -d 'Replace a valid pair; the old one is archived'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l dry-run -d 'Show what would be done, and do nothing'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l wait -d 'Wait until no other certreq works in the directory'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand key" -l ids-from -d 'Read ids from a file or stdin, one per line, or from a CSV with --id-column' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand key" -l id-column -d 'Read ids from this column of a CSV with a header' -r
complete -c certreq -n "__fish_certreq_using_subcommand key" -l key -d 'Kind of key' -r
complete -c certreq -n "__fish_certreq_using_subcommand key" -l key-store -d 'Make keys in a PKCS#11 token: pkcs11:token=NAME (RFC 7512)' -r
complete -c certreq -n "__fish_certreq_using_subcommand key" -l dir -d 'Directory for ca/ and cert_<id>/, where the keys are' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand key" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand key" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand key" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand key" -l force -d 'Make a key even if there is a pair; the old pair stays in use until join archives it'
complete -c certreq -n "__fish_certreq_using_subcommand key" -l wait -d 'Wait until no other certreq works in the directory'
complete -c certreq -n "__fish_certreq_using_subcommand key" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand key" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand key" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand key" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand key" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand csr" -l san -d 'Names and addresses of a server: dns:NAME,ip:ADDRESS (can be repeated; needs one id)' -r
complete -c certreq -n "__fish_certreq_using_subcommand csr" -s o -l out -d 'Directory for the requests (<id>.csr), or - for stdout' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand csr" -l dir -d 'Directory for ca/ and cert_<id>/, where the keys are' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand csr" -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand csr" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand csr" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand csr" -l wait -d 'Wait until no other certreq works in the directory'
complete -c certreq -n "__fish_certreq_using_subcommand csr" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand csr" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand csr" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand csr" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand csr" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand join" -l ca-fingerprint -d 'The root among them must have this SHA-256 fingerprint; a new root needs it' -r
complete -c certreq -n "__fish_certreq_using_subcommand join" -l accept-new-ca -d 'The root was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand join" -l dir -d 'Directory for ca/ and cert_<id>/, where the keys are' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand join" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand join" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand join" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand join" -l wait -d 'Wait until no other certreq works in the directory'
complete -c certreq -n "__fish_certreq_using_subcommand join" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand join" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand join" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand join" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand join" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l dir -d 'With --all: the directory with ca/ and cert_<id>/' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l ca -d 'Trust these root certificates [default: ca/ca.pem beside the device directory]' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l servername -d 'The name to ask for (SNI), which the server\'s certificate must hold [default: the host]' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l mqtt -d 'Version of MQTT' -r -f -a "3.1.1\t''
5\t''"
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l publish -d 'Publish to this topic with QoS 1; {id} and {tenant} are filled in' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -s m -l message -d 'Text to publish' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l subscribe -d 'Subscribe to this topic; {id} and {tenant} are filled in' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l tenant -d 'The platform\'s topics: subscribe to TENANT:ID/config, publish -m to TENANT:ID/attrs' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l wait-message -d 'Wait this long for a message to the subscription; fail if there is none' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l mqtt-client-id -d 'Client identifier [default: a random one, so that the device itself stays connected]' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l timeout -d 'Time for one device, without --wait-message' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l jobs -d 'The most connections at once' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -s o -l format -d 'Output format: text, or one JSON object per line and directory' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l all -d 'All device directories of --dir, in parallel'
complete -c certreq -n "__fish_certreq_using_subcommand connect" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand connect" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand connect" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand discover" -l search -d 'Time to wait for answers' -r
complete -c certreq -n "__fish_certreq_using_subcommand discover" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand discover" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand discover" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand discover" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand discover" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand discover" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand discover" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand discover" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l dir -d 'The same as DIR, for scripts; DIR takes precedence' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -s o -l format -d 'Output format: text, or one JSON document' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand doctor" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l at -d 'Use this time instead of now: a date, or a time in RFC 3339' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l within -d '"Expires soon" means: less than this time, or this part of the lifetime, is left [default: 30d, at most a third of the lifetime]' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l password-file -d 'Read the password of PKCS#12 files and encrypted keys from a file, or from stdin with - (CERTREQ_PASSWORD works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l crl -d 'Revocation lists: file, bundle, directory or URL (can be repeated) [default: crl.pem beside ca.pem]' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l ca -d 'Certificates of the CAs that sign the lists: file, bundle or directory (can be repeated) [default: ca/ca.pem beside the device directory]' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l servername -d 'Send this name to a server instead of its host name (SNI)' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l client-cert -d 'Client certificate for a server' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l client-key -d 'The private key of the client certificate' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -s r -l recursive -d 'Include directories below the directories'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l check -d 'Exit with the code of the worst state'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l online -d 'Query the OCSP responders and distribution points that the certificates name'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l online-private -d 'With --online: include addresses in private networks'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l text -d 'Show every extension, decoded'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l short -d 'Print one line per object'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l pem -d 'Include the PEM'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand inspect" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand list" -s i -l ids -d 'Only certificates of these devices, separated by commas (can be repeated)' -r -f -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand list" -l within -d 'Only certificates that expire within this time, or part of their lifetime: 30d, 12h, 33%; expired ones are left out' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand list" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand list" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand list" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand list" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand list" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand list" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand list" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand list" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand list" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand list" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand list" -s o -l format -d 'Output format: a table, one JSON object per line, or CSV with a header' -r -f -a "text\t''
json\t''
csv\t''"
complete -c certreq -n "__fish_certreq_using_subcommand list" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand list" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand list" -l expired -d 'Only expired certificates'
complete -c certreq -n "__fish_certreq_using_subcommand list" -l orphans -d 'Only certificates without an owner: no device can use them'
complete -c certreq -n "__fish_certreq_using_subcommand list" -l revoked -d 'Only certificates on the platform\'s revocation list: revoked or on hold'
complete -c certreq -n "__fish_certreq_using_subcommand list" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand list" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand list" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand list" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand list" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand list" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -f -a "add" -d 'Add secrets to the server, given or generated ones'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -f -a "list" -d 'List the devices that have a secret, and the pending devices'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -f -a "remove" -d 'Remove secrets from the server'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -f -a "approve" -d 'Approve a device that has no secret, by the fingerprint of its key'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and not __fish_seen_subcommand_from add list remove approve help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l oob-secret-file -d 'The secret of the one device, from a file, or from stdin with -' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l from -d 'Devices and their secrets: a CSV with the columns id and secret, or JSON' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l generate -d 'Generate a secret of 128 bits for each device, and write them to a new file that only you can read (CSV)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l show -d 'With --generate: also print the secrets, as text or as QR codes' -r -f -a "text\t''
qr\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l valid-for -d 'Secrets expire after this time, or at this date: 12h, 3d, 2026-12-01 [default: the server\'s limit, 3 days]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l operator -d 'Directory with the operator\'s admin.pem and admin.key and the server\'s ca.pem: idprov-admin of the server' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l cert -d 'The operator\'s certificate, instead of --operator' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l key -d 'The private key of --cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from add" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l operator -d 'Directory with the operator\'s admin.pem and admin.key and the server\'s ca.pem: idprov-admin of the server' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l cert -d 'The operator\'s certificate, instead of --operator' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l key -d 'The private key of --cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from list" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l operator -d 'Directory with the operator\'s admin.pem and admin.key and the server\'s ca.pem: idprov-admin of the server' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l cert -d 'The operator\'s certificate, instead of --operator' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l key -d 'The private key of --cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from remove" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l operator -d 'Directory with the operator\'s admin.pem and admin.key and the server\'s ca.pem: idprov-admin of the server' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l cert -d 'The operator\'s certificate, instead of --operator' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l key -d 'The private key of --cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from approve" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add secrets to the server, given or generated ones'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the devices that have a secret, and the pending devices'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove secrets from the server'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from help" -f -a "approve" -d 'Approve a device that has no secret, by the fingerprint of its key'
complete -c certreq -n "__fish_certreq_using_subcommand oob; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand register" -s i -l id -d 'The device\'s id' -r -f -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand register" -l intermediates -d 'Intermediate certificates in any order, with or without the root: file, bundle or directory (can be repeated)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand register" -l trusted-ca -d 'SHA-256 fingerprint of the trusted CA, if the root itself is not in a file' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand register" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand register" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand register" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand register" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand register" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand register" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand register" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand register" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand register" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand register" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand register" -s o -l format -d 'Output format: text, or one JSON object' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand register" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand register" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand register" -l dry-run -d 'Check the certificate, and do not register it'
complete -c certreq -n "__fish_certreq_using_subcommand register" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand register" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand register" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand register" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand register" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand register" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s i -l ids -d 'Device ids, separated by commas (can be repeated): the certificate in the device\'s directory; without such a directory, all certificates of the device on the platform' -r -f -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l ids-from -d 'Read targets from a file or stdin, one per line' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l shard -d 'Only shard K of N, or auto (`certreq help summary`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l password-file -d 'Read the password of PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l confirm -d 'Number of certificates; required for more than ten, even with --yes' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l dir -d 'Directory with cert_<id>/ and the journal [default: the parent of the first device directory, or .]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l retries -d 'Further attempts for each when the platform is overloaded or does not answer' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l give-up-after -d 'Give up after the platform has not answered for this long' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l jobs -d 'The most requests in flight' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l all -d 'For ids: all certificates of the device on the platform, not only the one in its directory'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l unlink -d 'Remove the owner only; the certificate stays valid'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s y -l yes -d 'Do not ask for confirmation'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l dry-run -d 'Show what would be done for each certificate, and do nothing'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l wait -d 'Wait until no other certreq works in the directory'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -f -a "list" -d 'List the pending requests'
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -f -a "approve" -d 'Approve pending requests; devices get certificates when they ask again'
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -f -a "refuse" -d 'Refuse pending requests permanently'
complete -c certreq -n "__fish_certreq_using_subcommand est; and not __fish_seen_subcommand_from list approve refuse help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from list" -l authority -d 'Directory of the authority, the same as for certreq serve [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from list" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from list" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from list" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from list" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from list" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -l request-key -d 'The request with this key (SHA-256 of the public key), if several are pending for one device' -r
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -l authority -d 'Directory of the authority, the same as for certreq serve [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -l all -d 'All pending requests'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from approve" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -l request-key -d 'The request with this key (SHA-256 of the public key), if several are pending for one device' -r
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -l authority -d 'Directory of the authority, the same as for certreq serve [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -l all -d 'All pending requests'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from refuse" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the pending requests'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from help" -f -a "approve" -d 'Approve pending requests; devices get certificates when they ask again'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from help" -f -a "refuse" -d 'Refuse pending requests permanently'
complete -c certreq -n "__fish_certreq_using_subcommand est; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l layout -d 'File names and modes of other software: aws-iot, dojot, esp-idf, idprov, mosquitto, nginx, wott; for keys in tokens: curl-token, mosquitto-token, nginx-token, strongswan-token; or a template (TOML)' -r
complete -c certreq -n "__fish_certreq_using_subcommand export" -l dir -d 'Directory with ca/ and cert_<id>/, for ids' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand export" -l out -d 'Directory for the files; {id} becomes the device id [default: export, with a directory for each device unless the file names contain the id]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand export" -l ca -d 'Root certificates [default: ca/ca.pem beside the device directory]' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand export" -l password-file -d 'Read the password of the PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too) [default: a new one for each file, shown once on a terminal, otherwise written to ID.p12.password]' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand export" -s o -l format -d 'Output format: text, or one JSON object per line and device' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand export" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand export" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand export" -l p12 -d 'PKCS#12: key, certificate, intermediates and root in ID.p12 (AES-256, SHA-256)'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l legacy -d 'PKCS#12 with 3DES and SHA-1, for old software: Windows Server 2016, macOS keychains, old devices'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l chain -d 'chain.pem: the certificate, then the intermediates, then the root'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l combined -d 'combined.pem: the private key, then the certificate and the intermediates'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l der -d 'DER: cert.der, key.der (PKCS#8) and ca.der'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l force -d 'Replace existing files that differ'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l ask-password -d 'Ask for the password at the terminal'
complete -c certreq -n "__fish_certreq_using_subcommand export" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand export" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand export" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -s i -l ids -d 'Device ids, separated by commas (can be repeated)' -r -f -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l ids-from -d 'Read ids from a file or stdin, one per line, or from a CSV with --id-column' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l id-column -d 'Read ids from this column of a CSV with a header' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l shard -d 'Only shard K of N, or auto (`certreq help summary`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l within -d 'A certificate is due when it expires within this time, or part of its lifetime: 30d, 12h, 33%' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l spread -d 'Spread renewals: each device is due earlier by its own, constant part of this time' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l key -d 'Kind of the new key [default: the old key\'s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l key-store -d 'Make keys in a PKCS#11 token: pkcs11:token=NAME (RFC 7512)' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l keep -d 'Number of replaced pairs to keep for each device in .certreq/archive' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l test-cmd -d 'Run this command on the new pair first; if it fails, the old pair stays in use' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l exec -d 'Run this command for each device with a new pair' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l exec-timeout -d 'Time limit for a command' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l dir -d 'Directory with ca/ and cert_<id>/ [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l jobs -d 'The most requests in flight' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l retries -d 'Further attempts for each when the platform is overloaded or does not answer' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l give-up-after -d 'Give up after the platform has not answered for this long' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -s o -l format -d 'Output format: text, or one JSON object per line' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l revoked -d 'Revoked certificates are due, too'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l all -d 'All certificates are due'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l watch -d 'Keep running, and renew certificates when they are due; SIGHUP reads files again'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l dry-run -d 'Show for each device whether it is due, and do nothing'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l reuse-key -d 'Keep the key, and get a new certificate for it'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l revoke-old -d 'Delete the old certificate on the platform, after --exec'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l wait -d 'Wait until no other certreq works in the directory (--watch always does)'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand renew" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand login" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand login" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand login" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand login" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand login" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand login" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand login" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand login" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand login" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand login" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand login" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand login" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand login" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand login" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand login" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand login" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand login" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand login" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand login" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand logout" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand logout" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand logout" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand logout" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand logout" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand man" -l out -d 'Write certreq.1, a page for each verb, certreq.toml.5 and certreq-json.7 to this directory' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand man" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand man" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand man" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand man" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand man" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand man" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand man" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l listen -d 'Address to listen on; port 0 picks a free port' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l authority -d 'Directory of the authority, for its key and its database [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l tls-cert -d 'Serve HTTPS with this certificate chain' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l tls-key -d 'The private key of --tls-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l public-url -d 'Address of this server for clients; it is written into certificates [default: that of --listen]' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l database -d 'Keep the records in Postgres, which several servers can share: postgres://USER@HOST[:PORT]/DATABASE [default: a file in the directory of the authority]' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l database-password-file -d 'Read the database user\'s password from a file (PGPASSWORD and PGPASSFILE work too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l drain -d 'On a signal to stop, report "not ready" for this long before connections are refused [default: stop at once]' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l register -d 'Register these devices (can be repeated)' -r -f -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l register-from -d 'Register the devices of a file, one id per line' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l lifetime -d 'Lifetime of issued certificates' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l crl-lifetime -d 'Time from one revocation list to its nextUpdate' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l auth -d 'Way to log in: dojot (POST /auth, as up to 0.8), oidc (OpenID Connect, as 1.0)' -r -f -a "dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l est-user -d 'With --est: the only user that may request certificates with a password [default: the users of the authority]' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l est-secret-file -d 'With --est-user: read the user\'s secret from a file' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l est-label -d 'With --est: a label of the paths, https://HOST/.well-known/est/NAME/... (can be repeated)' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l est-csrattrs -d 'With --est: attributes for requests, a CsrAttrs of RFC 8951 in DER or base64 [default: empty]' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l idprov-listen -d 'With --idprov: address to listen on [default: port 43776 of every interface]' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l idprov-name -d 'With --idprov: name on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l idprov-service -d 'With --idprov: a service that devices learn of with their certificate (can be repeated)' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l token-lifetime -d 'Lifetime of login tokens [default: 420s, or 300s with oidc]' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l ca-key -d 'On first start: kind of the authority\'s key' -r -f -a "p256\t''
rsa4096\t''"
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l ca-key-store -d 'On first start: make the authority\'s key in a PKCS#11 token, or use a key there' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l ca-passphrase-file -d 'Read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l crl-publish-every -d 'Publish a list only at this interval [default: after each revocation]' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l crl-partitions -d 'Divide the revocation list into N parts, a power of two [default: 1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l certificate-profile -d 'Content of certificates: certreq (client, server), dojot (and email, a delta list)' -r -f -a "certreq\t''
dojot\t''"
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l admin-secret-file -d 'On first start, or with --reset-admin-secret: read the admin\'s secret from a file instead of generating one' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l est -d 'Serve EST (RFC 7030) in addition, over HTTPS, with a certificate of the authority unless --tls-cert names one'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l est-approve -d 'With --est: hold first requests until `certreq est approve`; renewals need no approval'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l idprov -d 'Serve IDProv in addition, on a port of its own, and announce it on the local network'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l no-announce -d 'With --idprov: do not announce the server'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l reset-admin-secret -d 'Give the user admin a new secret, shown once; existing tokens stay valid until they expire'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l login-limit -d 'Limit logins to 5 per minute for each account and client address [default: on, except on loopback]'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l no-login-limit -d 'Do not limit logins'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand serve" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand status" -l dir -d 'The same as DIR, for scripts (can be repeated); DIR takes precedence' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand status" -l shard -d 'Only shard K of N, or auto (`certreq help summary`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l at -d 'Use this time instead of now: a date, or a time in RFC 3339' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l within -d '"Expires soon" means: less than this time, or this part of the lifetime, is left [default: 30d, at most a third of the lifetime]' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -s o -l format -d 'Output format: text, one JSON document, CSV with a line per device, node_exporter\'s text format, or a line for a monitoring plugin; for --journal: text or JSON lines' -r -f -a "text\t''
json\t''
csv\t''
prometheus\t''
nagios\t''"
complete -c certreq -n "__fish_certreq_using_subcommand status" -l out -d 'Write the report to a file, in one step [default: stdout]' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand status" -l html -d 'Also write a page for browsers to this file' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand status" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand status" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand status" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand status" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand status" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand status" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand status" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand status" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand status" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand status" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand status" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand status" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand status" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand status" -l platform -d 'Compare with the platform\'s records; without this flag nothing is contacted'
complete -c certreq -n "__fish_certreq_using_subcommand status" -l journal -d 'Print the journal: each step of each key, oldest first'
complete -c certreq -n "__fish_certreq_using_subcommand status" -l check -d 'Exit with the code of the worst state'
complete -c certreq -n "__fish_certreq_using_subcommand status" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand status" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand status" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand status" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand status" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand status" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand summary" -s o -l format -d 'Output format: text, or one JSON object' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand summary" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand summary" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand summary" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand summary" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand summary" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand summary" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand summary" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l shard -d 'Only shard K of N, or auto (`certreq help summary`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l password-file -d 'Read the password of PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l ca -d 'Trusted root certificates: file, bundle or directory (can be repeated) [default: ca/ca.pem beside the device directory]' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l intermediates -d 'Intermediate certificates: file, bundle or directory (can be repeated)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l key -d 'Private key that must match the certificate [default: private.key of a device directory]' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l id -d 'Device id that the certificate must be for [default: the id of a device directory]' -r -f -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l purpose -d 'Required purpose; client and server need the matching extended key usage [default: any; with --name: server]' -r -f -a "client\t''
server\t''
any\t''"
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l policy -d 'Acceptable certificate policy, in dots (can be repeated) [default: any]' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l name -d 'Server name or address that the certificate must be for' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l within -d 'Exit with 10 if less than this is left: 30d, 12h, or 33% of the lifetime' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l at -d 'Use this time instead of now: 2026-11-23, or 2026-11-23T08:00:00Z' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l revocation -d 'off: no check; prefer: revoked fails, unknown does not; require: unknown fails, too' -r -f -a "off\t''
prefer\t''
require\t''"
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l crl -d 'Revocation lists: file, bundle, directory or URL (can be repeated) [default: crl.pem beside the root]' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l servername -d 'Name to send to a server (SNI) [default: --name, or the host]' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l client-cert -d 'Client certificate for a server' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l client-key -d 'The private key of the client certificate' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -s h -l host -d 'Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -s p -l port -d 'Port [default: 8000, or 443 for https]' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -s u -l user -d 'User name' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -s s -l secret -d 'The user\'s secret, visible to all users of this machine; prefer --secret-file' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l secret-file -d 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l secret-command -d 'Run this command; the first line of its output is the secret' -r -f -a "(__fish_complete_command)"
complete -c certreq -n "__fish_certreq_using_subcommand verify" -s t -l token-file -d 'Keep the login token in this file, and use it while it is valid' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l auth -d 'Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform' -r -f -a "auto\t''
dojot\t''
oidc\t''"
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l realm -d 'With oidc: the realm (the tenant)' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l client-id -d 'With oidc: the client to log in with; it needs direct access grants' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l token-url -d 'With oidc: the token endpoint [default: the realm\'s, HOST/auth/realms/NAME/...]' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l access-token-file -d 'Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l est -d 'Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l est-cert -d 'With --est: the client certificate for first certificates' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l est-key -d 'The private key of --est-cert' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l est-wait -d 'With --est: wait this long for the approval of a request [default: 0s, the next run asks again]' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l idprov -d 'Use an IDProv server instead of a platform; without HOST, the only one on the local network' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l cacert -d 'Trust these CA certificates for HTTPS, in addition to the system\'s' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l ca-fingerprint -d 'The platform\'s root certificate must have this SHA-256 fingerprint' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l accept-new-ca -d 'The platform\'s root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l connect-timeout -d 'Time to establish a connection' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l timeout -d 'Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l local -d 'Use the embedded authority instead of a host' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l authority -d 'Directory of the embedded authority; as a flag it implies --local [default: in the user\'s data directory]' -r -f -a "(__fish_complete_directories)"
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l ca-passphrase-file -d 'With --local: read the passphrase of the authority\'s key from a file (CERTREQ_CA_PASSPHRASE works too)' -r -F
complete -c certreq -n "__fish_certreq_using_subcommand verify" -s o -l format -d 'Output format: text, or one JSON object per line and certificate' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l system-roots -d 'Trust the root certificates of this machine'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l partial-chain -d 'Accept every certificate of --ca as the end of the chain, self-signed or not'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l explicit-policy -d 'Require that the chain is valid under an acceptable policy'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l online -d 'Query the OCSP responders and distribution points that the certificates name'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l online-private -d 'With --online: include addresses in private networks'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l registered-only -d 'With --local: only devices registered with `certreq serve --register`'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand verify" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand whoami" -s o -l format -d 'Output format: text, or one JSON object' -r -f -a "text\t''
json\t''"
complete -c certreq -n "__fish_certreq_using_subcommand whoami" -l color -d 'Use colours; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certreq -n "__fish_certreq_using_subcommand whoami" -l profile -d 'Use this profile of the configuration file (see `certreq help config`)' -r
complete -c certreq -n "__fish_certreq_using_subcommand whoami" -s v -l verbose -d 'Print more: every device, every decision'
complete -c certreq -n "__fish_certreq_using_subcommand whoami" -s q -l quiet -d 'Print failures only'
complete -c certreq -n "__fish_certreq_using_subcommand whoami" -l json -d 'Short for --format json'
complete -c certreq -n "__fish_certreq_using_subcommand whoami" -l help -d 'Print help'
complete -c certreq -n "__fish_certreq_using_subcommand whoami" -l help-all -d 'Print help with all flags and all variables'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "authority" -d 'Copy an embedded authority to another database'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "config" -d 'Show settings and their sources; check the configuration files'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "devices" -d 'List the devices on the platform'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "ca" -d 'Show and fetch the root, the revocation list and the trusted CAs'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "completions" -d 'Print the completion script of a shell, or write all'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "issue" -d 'Make keys and get certificates for devices'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "key" -d 'Make keys on a machine without a network; csr writes their requests'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "csr" -d 'Write a certificate request for each new key'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "join" -d 'Join certificates with the keys they were issued for'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "connect" -d 'Test a pair against a real server: TLS and MQTT, as the device will'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "discover" -d 'Find provisioning servers on the local network'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "doctor" -d 'Find problems: clock, network, platform, token, directories'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "inspect" -d 'Show certificates, keys, requests and revocation lists'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "list" -d 'List the certificates on the platform'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "oob" -d 'Manage secrets of devices on an IDProv server; approve pending devices'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "register" -d 'Register a certificate of another CA for a device'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "revoke" -d 'Revoke certificates, or remove their owner'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "est" -d 'Approve or refuse requests over EST'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "export" -d 'Write pairs in the file formats of other software'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "renew" -d 'Renew certificates before they expire'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "login" -d 'Log in and keep the token; other commands then need no secret'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "logout" -d 'Delete the token of a host and user'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "man" -d 'Open a manual page, or write all pages'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "serve" -d 'Run the embedded platform: an authority with the platform\'s HTTP API'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "status" -d 'Show a whole fleet: valid, expired, revoked, broken, mismatched'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "summary" -d 'Add up the JSON lines of several runs'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "verify" -d 'Check certificates: chain, time, key, device id, revocation'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "whoami" -d 'Show the device that a directory\'s certificate is for; offline'
complete -c certreq -n "__fish_certreq_using_subcommand help; and not __fish_seen_subcommand_from authority config devices ca completions issue key csr join connect discover doctor inspect list oob register revoke est export renew login logout man serve status summary verify whoami help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from authority" -f -a "copy" -d 'Copy all records, and compare both sides'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print every setting and where it comes from: flag, variable, profile, default'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'List the errors in the configuration files'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from devices" -f -a "add" -d 'Add devices to the platform; existing ones stay as they are'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "show" -d 'Compare the root on disk with the platform\'s'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "fetch" -d 'Write ca/ca.pem and ca/crl.pem'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "crl" -d 'Write ca/crl.pem for a broker'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "bundle" -d 'Print the platform\'s root and all trusted CAs of the tenant as one PEM file'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "trust" -d 'Manage other CAs whose certificates the tenant\'s devices may use'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from oob" -f -a "add" -d 'Add secrets to the server, given or generated ones'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from oob" -f -a "list" -d 'List the devices that have a secret, and the pending devices'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from oob" -f -a "remove" -d 'Remove secrets from the server'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from oob" -f -a "approve" -d 'Approve a device that has no secret, by the fingerprint of its key'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from est" -f -a "list" -d 'List the pending requests'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from est" -f -a "approve" -d 'Approve pending requests; devices get certificates when they ask again'
complete -c certreq -n "__fish_certreq_using_subcommand help; and __fish_seen_subcommand_from est" -f -a "refuse" -d 'Refuse pending requests permanently'
complete -c certreq -n "__fish_certreq_using_subcommand issue" -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand key" -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand csr" -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand revoke" -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand export" -a "(__certreq_ids)"
complete -c certreq -n "__fish_certreq_using_subcommand renew" -a "(__certreq_ids)"
