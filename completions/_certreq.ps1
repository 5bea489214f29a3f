
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'certreq' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'certreq'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'certreq' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated)')
            [CompletionResult]::new('--ids', '--ids', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated)')
            [CompletionResult]::new('--ids-from', '--ids-from', [CompletionResultType]::ParameterName, 'Read ids from a file or stdin: one a line, or a CSV with --id-column')
            [CompletionResult]::new('--id-column', '--id-column', [CompletionResultType]::ParameterName, 'The ids stand in this column of a CSV with a header')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Only the devices of shard K of N, counted from 0: 0/16 to 15/16; auto takes K and N from Slurm or AWS Batch, auto/N takes K from them or Kubernetes (see `certreq help summary`)')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Kind of key')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Names and addresses of the server it is for: dns:NAME,ip:ADDRESS (can be repeated; with one id)')
            [CompletionResult]::new('--csr', '--csr', [CompletionResultType]::ParameterName, 'Sign these requests of machines without a network: files, directories of *.csr (can be repeated)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory for ca/ and cert_<id>/')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Directory for the certificates of --csr: <id>.pem, and ca.pem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'The most requests in flight')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Further attempts for each when the platform is overloaded or does not answer')
            [CompletionResult]::new('--give-up-after', '--give-up-after', [CompletionResultType]::ParameterName, 'Stop the run when nothing was heard of the platform for this long')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every device of the user; -h HOST -u USER without a verb means it, too, as in the shell tool')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Issue even where a certificate is; the old pair is archived')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done for each device, and do nothing')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait while another certreq works in the directory')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('authority', 'authority', [CompletionResultType]::ParameterValue, 'Move the records of an embedded authority to another database')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show where settings come from; check the files')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'List the devices the platform has')
            [CompletionResult]::new('ca', 'ca', [CompletionResultType]::ParameterValue, 'Root certificate, revocation list, bundle, trusted CAs')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script, or write all')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Make keys and get certificates for devices')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make keys where no network is; csr writes the requests for them')
            [CompletionResult]::new('csr', 'csr', [CompletionResultType]::ParameterValue, 'Write the requests for keys that wait; carry them to a network')
            [CompletionResult]::new('join', 'join', [CompletionResultType]::ParameterValue, 'Join certificates that were carried back to their keys')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Prove a pair against a real server: TLS and MQTT, as the device will')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Find out what is wrong: clock, network, platform, token, directories')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Tell what certificates, keys, requests and lists say')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the certificates the platform has')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a certificate of another CA for a device')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke certificates, or take their owner away')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write pairs in the files other software expects')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Renew certificates before they expire')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Fetch a token and keep it; no secret is needed while it is valid')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the token of a host and user')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of certreq, or write all pages')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run the embedded platform: an authority behind the platform''s HTTP API')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show a whole fleet at a glance: who expires when, revoked, broken, mismatched')
            [CompletionResult]::new('summary', 'summary', [CompletionResultType]::ParameterValue, 'Add up the JSON lines of several runs, and end as one run would')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check certificates: chain, time, key, device id, revocation')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Say whose certificate a device directory holds; offline')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;authority' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy all records, and compare both sides afterwards')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;authority;copy' {
            [CompletionResult]::new('--database-password-file', '--database-password-file', [CompletionResultType]::ParameterName, 'Read the database user''s password from a file (PGPASSWORD and PGPASSFILE work too)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;authority;help' {
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy all records, and compare both sides afterwards')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;authority;help;copy' {
            break
        }
        'certreq;authority;help;help' {
            break
        }
        'certreq;config' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting and where it comes from: flag, variable, profile, default')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Name what the configuration files say and certreq does not understand')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;config;show' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated)')
            [CompletionResult]::new('--ids', '--ids', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated)')
            [CompletionResult]::new('--ids-from', '--ids-from', [CompletionResultType]::ParameterName, 'Read ids from a file or stdin: one a line, or a CSV with --id-column')
            [CompletionResult]::new('--id-column', '--id-column', [CompletionResultType]::ParameterName, 'The ids stand in this column of a CSV with a header')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Only the devices of shard K of N, counted from 0: 0/16 to 15/16; auto takes K and N from Slurm or AWS Batch, auto/N takes K from them or Kubernetes (see `certreq help summary`)')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Kind of key')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Names and addresses of the server it is for: dns:NAME,ip:ADDRESS (can be repeated; with one id)')
            [CompletionResult]::new('--csr', '--csr', [CompletionResultType]::ParameterName, 'Sign these requests of machines without a network: files, directories of *.csr (can be repeated)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory for ca/ and cert_<id>/')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Directory for the certificates of --csr: <id>.pem, and ca.pem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'The most requests in flight')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Further attempts for each when the platform is overloaded or does not answer')
            [CompletionResult]::new('--give-up-after', '--give-up-after', [CompletionResultType]::ParameterName, 'Stop the run when nothing was heard of the platform for this long')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every device of the user; -h HOST -u USER without a verb means it, too, as in the shell tool')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Issue even where a certificate is; the old pair is archived')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done for each device, and do nothing')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait while another certreq works in the directory')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;config;check' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting and where it comes from: flag, variable, profile, default')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Name what the configuration files say and certreq does not understand')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;config;help;show' {
            break
        }
        'certreq;config;help;check' {
            break
        }
        'certreq;config;help;help' {
            break
        }
        'certreq;devices' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: a table, one JSON object a line, or CSV with a header')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--without-certificate', '--without-certificate', [CompletionResultType]::ParameterName, 'Only those without a certificate that lives: none at all, or only expired and revoked ones')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add devices to the platform; those it has already stay as they are')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;devices;add' {
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Number of the template they are made of; dojot wants one, certreq serve does not')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: a table, one JSON object a line, or CSV with a header')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;devices;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add devices to the platform; those it has already stay as they are')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;devices;help;add' {
            break
        }
        'certreq;devices;help;help' {
            break
        }
        'certreq;ca' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the root on disk and on the platform, and whether they agree')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Write ca/ca.pem and ca/crl.pem')
            [CompletionResult]::new('crl', 'crl', [CompletionResultType]::ParameterValue, 'Write ca/crl.pem for a broker')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Print the platform''s root, and every trusted CA of the tenant, as one PEM file')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'CAs of others whose certificates devices of the tenant may use')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;ca;show' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory with ca/ and cert_<id>/')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;ca;fetch' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory with ca/ and cert_<id>/')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;ca;crl' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory with ca/ and cert_<id>/')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Keep running: fetch the next list before this one ends')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;ca;bundle' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write it to a file, in one step [default: stdout]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write it to a file, in one step [default: stdout]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory with ca/ and cert_<id>/')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;ca;trust' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Trust the self-signed CA certificate in a file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the trusted CAs')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Stop trusting a CA')
            [CompletionResult]::new('auto-registration', 'auto-registration', [CompletionResultType]::ParameterValue, 'Say whether a CA''s certificates may register themselves')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;ca;trust;add' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--auto-registration', '--auto-registration', [CompletionResultType]::ParameterName, 'Let its certificates register themselves')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;ca;trust;list' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;ca;trust;remove' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do it; without this, only say what would be removed')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do it; without this, only say what would be removed')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;ca;trust;auto-registration' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;ca;trust;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Trust the self-signed CA certificate in a file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the trusted CAs')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Stop trusting a CA')
            [CompletionResult]::new('auto-registration', 'auto-registration', [CompletionResultType]::ParameterValue, 'Say whether a CA''s certificates may register themselves')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;ca;trust;help;add' {
            break
        }
        'certreq;ca;trust;help;list' {
            break
        }
        'certreq;ca;trust;help;remove' {
            break
        }
        'certreq;ca;trust;help;auto-registration' {
            break
        }
        'certreq;ca;trust;help;help' {
            break
        }
        'certreq;ca;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the root on disk and on the platform, and whether they agree')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Write ca/ca.pem and ca/crl.pem')
            [CompletionResult]::new('crl', 'crl', [CompletionResultType]::ParameterValue, 'Write ca/crl.pem for a broker')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Print the platform''s root, and every trusted CA of the tenant, as one PEM file')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'CAs of others whose certificates devices of the tenant may use')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;ca;help;show' {
            break
        }
        'certreq;ca;help;fetch' {
            break
        }
        'certreq;ca;help;crl' {
            break
        }
        'certreq;ca;help;bundle' {
            break
        }
        'certreq;ca;help;trust' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Trust the self-signed CA certificate in a file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the trusted CAs')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Stop trusting a CA')
            [CompletionResult]::new('auto-registration', 'auto-registration', [CompletionResultType]::ParameterValue, 'Say whether a CA''s certificates may register themselves')
            break
        }
        'certreq;ca;help;trust;add' {
            break
        }
        'certreq;ca;help;trust;list' {
            break
        }
        'certreq;ca;help;trust;remove' {
            break
        }
        'certreq;ca;help;trust;auto-registration' {
            break
        }
        'certreq;ca;help;help' {
            break
        }
        'certreq;completions' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the scripts of all shells to this directory')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;issue' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated)')
            [CompletionResult]::new('--ids', '--ids', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated)')
            [CompletionResult]::new('--ids-from', '--ids-from', [CompletionResultType]::ParameterName, 'Read ids from a file or stdin: one a line, or a CSV with --id-column')
            [CompletionResult]::new('--id-column', '--id-column', [CompletionResultType]::ParameterName, 'The ids stand in this column of a CSV with a header')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Only the devices of shard K of N, counted from 0: 0/16 to 15/16; auto takes K and N from Slurm or AWS Batch, auto/N takes K from them or Kubernetes (see `certreq help summary`)')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Kind of key')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Names and addresses of the server it is for: dns:NAME,ip:ADDRESS (can be repeated; with one id)')
            [CompletionResult]::new('--csr', '--csr', [CompletionResultType]::ParameterName, 'Sign these requests of machines without a network: files, directories of *.csr (can be repeated)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory for ca/ and cert_<id>/')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Directory for the certificates of --csr: <id>.pem, and ca.pem')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'The most requests in flight')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Further attempts for each when the platform is overloaded or does not answer')
            [CompletionResult]::new('--give-up-after', '--give-up-after', [CompletionResultType]::ParameterName, 'Stop the run when nothing was heard of the platform for this long')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every device of the user; -h HOST -u USER without a verb means it, too, as in the shell tool')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Issue even where a certificate is; the old pair is archived')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done for each device, and do nothing')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait while another certreq works in the directory')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;key' {
            [CompletionResult]::new('--ids-from', '--ids-from', [CompletionResultType]::ParameterName, 'Read ids from a file or stdin: one a line, or a CSV with --id-column')
            [CompletionResult]::new('--id-column', '--id-column', [CompletionResultType]::ParameterName, 'The ids stand in this column of a CSV with a header')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Kind of key')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory for ca/ and cert_<id>/, where the keys are')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Also where a pair is: the old one stays in use until join archives it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait while another certreq works in the directory')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;csr' {
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Names and addresses of the server it is for: dns:NAME,ip:ADDRESS (can be repeated; with one id)')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Directory for the requests, <id>.csr each; - for stdout')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Directory for the requests, <id>.csr each; - for stdout')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory for ca/ and cert_<id>/, where the keys are')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait while another certreq works in the directory')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;join' {
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The root that came along must have this SHA-256 fingerprint; asked for on first use')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The root was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory for ca/ and cert_<id>/, where the keys are')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait while another certreq works in the directory')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;connect' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'With --all: the directory with ca/ and cert_<id>/')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'Trust these root certificates [default: ca/ca.pem beside the device directory]')
            [CompletionResult]::new('--servername', '--servername', [CompletionResultType]::ParameterName, 'The name to ask for (SNI), which the server''s certificate must hold [default: the host]')
            [CompletionResult]::new('--mqtt', '--mqtt', [CompletionResultType]::ParameterName, 'Version of MQTT')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'Publish to this topic with QoS 1; {id} and {tenant} are filled in')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'What to publish')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'What to publish')
            [CompletionResult]::new('--subscribe', '--subscribe', [CompletionResultType]::ParameterName, 'Subscribe to this topic; {id} and {tenant} are filled in')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'The platform''s topics: subscribe to TENANT:ID/config, publish -m to TENANT:ID/attrs')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait this long for a message of the subscription; none is a failure')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Client identifier [default: a random one, so that the device itself stays connected]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'For one device, everything but --wait together')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'The most connections at once')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object for each directory, a line each')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every device directory of --dir, in parallel')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;doctor' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The same, for scripts that name it for every verb; DIR counts first')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON document')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;inspect' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Look from another day: a date, or a time as in RFC 3339')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'What "expires soon" means: time left, or part of the lifetime left [default: 30d, at most a third of the lifetime]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of PKCS#12 files and encrypted keys from a file, or from stdin with - (CERTREQ_PASSWORD works too)')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'Revocation lists: file, bundle, directory or URL (can be repeated) [default: crl.pem beside ca.pem]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'Certificates of authorities that sign the lists: file, bundle or directory (can be repeated) [default: ca/ca.pem beside the device directory]')
            [CompletionResult]::new('--servername', '--servername', [CompletionResultType]::ParameterName, 'Ask a server for this name instead of its host''s (SNI)')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Show a server this client certificate')
            [CompletionResult]::new('--client-cert', '--client-cert', [CompletionResultType]::ParameterName, 'Show a server this client certificate')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key of the client certificate')
            [CompletionResult]::new('--client-key', '--client-key', [CompletionResultType]::ParameterName, 'The private key of the client certificate')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Look into directories below directories, too')
            [CompletionResult]::new('--recursive', '--recursive', [CompletionResultType]::ParameterName, 'Look into directories below directories, too')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'End with the code of the worst state')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'Ask the OCSP responders and distribution points that the certificates name')
            [CompletionResult]::new('--online-private', '--online-private', [CompletionResultType]::ParameterName, 'With --online, ask addresses in private networks, too')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Every extension, decoded')
            [CompletionResult]::new('--short', '--short', [CompletionResultType]::ParameterName, 'One line each')
            [CompletionResult]::new('--pem', '--pem', [CompletionResultType]::ParameterName, 'Include the PEM')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;list' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Only those of these devices, separated by commas (can be repeated)')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Only those of these devices, separated by commas (can be repeated)')
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'Only those that end within this time, or part of their lifetime: 30d, 12h, 33%; those that ended are left out')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: a table, one JSON object a line, or CSV with a header')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--expired', '--expired', [CompletionResultType]::ParameterName, 'Only those that ended')
            [CompletionResult]::new('--orphans', '--orphans', [CompletionResultType]::ParameterName, 'Only those without an owner: no device can use them')
            [CompletionResult]::new('--revoked', '--revoked', [CompletionResultType]::ParameterName, 'Only those that the platform''s revocation list names: revoked or on hold, and yet on record')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;register' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'The device it is for')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'The device it is for')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Certificates between it and the root, perhaps the root too, in any order: file, bundle or directory (can be repeated)')
            [CompletionResult]::new('--trusted-ca', '--trusted-ca', [CompletionResultType]::ParameterName, 'SHA-256 fingerprint of the trusted CA it leads to, where the root itself is not at hand')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Check everything, and register nothing')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;revoke' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated): the certificate in the device''s directory, or all the platform has for the device when there is no such directory')
            [CompletionResult]::new('--ids', '--ids', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated): the certificate in the device''s directory, or all the platform has for the device when there is no such directory')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read more of them from a file or stdin, one a line')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Only the devices of shard K of N, counted from 0: 0/16 to 15/16; auto takes K and N from Slurm or AWS Batch, auto/N takes K from them or Kubernetes (see `certreq help summary`)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too)')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'How many certificates it is; needed for more than ten, also with --yes')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory with cert_<id>/ and the journal [default: where the first device directory stands, else .]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Further attempts for each when the platform is overloaded or does not answer')
            [CompletionResult]::new('--give-up-after', '--give-up-after', [CompletionResultType]::ParameterName, 'Stop the run when nothing was heard of the platform for this long')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'The most requests in flight')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'For ids: every certificate the platform has for the device, not only the one in its directory')
            [CompletionResult]::new('--unlink', '--unlink', [CompletionResultType]::ParameterName, 'Do not revoke: only take the owner away; the certificate stays valid')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done for each certificate, and do nothing')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait while another certreq works in the directory')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;export' {
            [CompletionResult]::new('--layout', '--layout', [CompletionResultType]::ParameterName, 'File names and modes of other software: aws-iot, dojot, esp-idf, idprov, mosquitto, nginx, wott; or a template (TOML)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory with ca/ and cert_<id>/, where ids are looked for')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Where the files go; {id} becomes the device id [default: export, and below it a directory for each device unless its file names have the id]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'Root certificates [default: ca/ca.pem beside the device directory]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of the PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too) [default: a new one for each file, shown once on a terminal, else kept in ID.p12.password]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line for each device')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--p12', '--p12', [CompletionResultType]::ParameterName, 'PKCS#12: key, certificate, intermediates and root in ID.p12 (AES-256, SHA-256)')
            [CompletionResult]::new('--legacy', '--legacy', [CompletionResultType]::ParameterName, 'PKCS#12 with 3DES and SHA-1, for what reads nothing newer: Windows Server 2016, macOS keychains, old devices')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'chain.pem: the certificate, then the intermediates, then the root')
            [CompletionResult]::new('--combined', '--combined', [CompletionResultType]::ParameterName, 'combined.pem: the private key, then the certificate and the intermediates')
            [CompletionResult]::new('--der', '--der', [CompletionResultType]::ParameterName, 'DER: cert.der, key.der (PKCS#8) and ca.der')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace files that are there and differ')
            [CompletionResult]::new('--ask-password', '--ask-password', [CompletionResultType]::ParameterName, 'Ask for the password at the terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;renew' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated)')
            [CompletionResult]::new('--ids', '--ids', [CompletionResultType]::ParameterName, 'Device ids, separated by commas (can be repeated)')
            [CompletionResult]::new('--ids-from', '--ids-from', [CompletionResultType]::ParameterName, 'Read ids from a file or stdin: one a line, or a CSV with --id-column')
            [CompletionResult]::new('--id-column', '--id-column', [CompletionResultType]::ParameterName, 'The ids stand in this column of a CSV with a header')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Only the devices of shard K of N, counted from 0: 0/16 to 15/16; auto takes K and N from Slurm or AWS Batch, auto/N takes K from them or Kubernetes (see `certreq help summary`)')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'Due when it expires within this: 30d, 12h, or a part of its lifetime')
            [CompletionResult]::new('--spread', '--spread', [CompletionResultType]::ParameterName, 'Each device is due earlier by its own part of this, always the same')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Kind of the new key [default: the kind of the old one]')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Replaced pairs that stay in .certreq/archive, for each device')
            [CompletionResult]::new('--test-cmd', '--test-cmd', [CompletionResultType]::ParameterName, 'Run this on the new pair first; unless it succeeds, the old one stays')
            [CompletionResult]::new('--exec', '--exec', [CompletionResultType]::ParameterName, 'Run this for each device whose pair was replaced')
            [CompletionResult]::new('--exec-timeout', '--exec-timeout', [CompletionResultType]::ParameterName, 'The longest a command may take')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory with ca/ and cert_<id>/ [default: .]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'The most requests in flight')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Further attempts for each when the platform is overloaded or does not answer')
            [CompletionResult]::new('--give-up-after', '--give-up-after', [CompletionResultType]::ParameterName, 'Stop the run when nothing was heard of the platform for this long')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object a line')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--revoked', '--revoked', [CompletionResultType]::ParameterName, 'Due when the platform''s revocation list names it, too')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All are due, whenever they expire')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Stay, and renew what becomes due; SIGHUP reads files again')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say for each device why it is due or not, and do nothing')
            [CompletionResult]::new('--reuse-key', '--reuse-key', [CompletionResultType]::ParameterName, 'Keep the key, get only a new certificate')
            [CompletionResult]::new('--revoke-old', '--revoke-old', [CompletionResultType]::ParameterName, 'Delete the old certificate on the platform, after --exec')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait while another certreq works in the directory (--watch always does)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;login' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;logout' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;man' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write certreq.1, a page for each verb, certreq.toml.5 and certreq-json.7 to this directory')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address to listen on; port 0 takes a free one')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the authority: its key, its database [default: in the user''s data directory]')
            [CompletionResult]::new('--tls-cert', '--tls-cert', [CompletionResultType]::ParameterName, 'Serve HTTPS with this certificate chain')
            [CompletionResult]::new('--tls-key', '--tls-key', [CompletionResultType]::ParameterName, 'The private key of --tls-cert')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'How clients reach this server; written into certificates [default: the address listened on]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Keep the records in Postgres, which several servers may share: postgres://USER@HOST[:PORT]/DATABASE [default: a file in the directory of the authority]')
            [CompletionResult]::new('--database-password-file', '--database-password-file', [CompletionResultType]::ParameterName, 'Read the database user''s password from a file (PGPASSWORD and PGPASSFILE work too)')
            [CompletionResult]::new('--drain', '--drain', [CompletionResultType]::ParameterName, 'Once told to stop, say "not ready" for so long before connections are no longer taken [default: stop at once]')
            [CompletionResult]::new('--register', '--register', [CompletionResultType]::ParameterName, 'Register these devices (can be repeated)')
            [CompletionResult]::new('--register-from', '--register-from', [CompletionResultType]::ParameterName, 'Register the devices of a file, one a line')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Lifetime of issued certificates')
            [CompletionResult]::new('--crl-lifetime', '--crl-lifetime', [CompletionResultType]::ParameterName, 'Time from one revocation list to its nextUpdate')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How clients log in: dojot (POST /auth, as up to 0.8), oidc (OpenID Connect, as 1.0)')
            [CompletionResult]::new('--token-lifetime', '--token-lifetime', [CompletionResultType]::ParameterName, 'Lifetime of login tokens [default: 420s, or 300s with oidc]')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'Kind of the authority''s own key, on first start')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--crl-publish-every', '--crl-publish-every', [CompletionResultType]::ParameterName, 'Make a new list only so often, whatever was revoked meanwhile, as the platform''s CA does [default: at once]')
            [CompletionResult]::new('--certificate-profile', '--certificate-profile', [CompletionResultType]::ParameterName, 'What issued certificates hold: certreq (client and server), dojot (email protection and a delta list, too)')
            [CompletionResult]::new('--admin-secret-file', '--admin-secret-file', [CompletionResultType]::ParameterName, 'On first start, or with --reset-admin-secret, take the admin''s secret from a file instead of making one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--reset-admin-secret', '--reset-admin-secret', [CompletionResultType]::ParameterName, 'Give the user admin a new secret, shown once; tokens of before stay valid until they end')
            [CompletionResult]::new('--login-limit', '--login-limit', [CompletionResultType]::ParameterName, 'Limit logins to 5 a minute for each account at each client address [default: unless on loopback]')
            [CompletionResult]::new('--no-login-limit', '--no-login-limit', [CompletionResultType]::ParameterName, 'Do not limit logins')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;status' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The same, for scripts that name it for every verb (can be repeated); DIR counts first')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Only the devices of shard K of N, counted from 0: 0/16 to 15/16; auto takes K and N from Slurm or AWS Batch, auto/N takes K from them or Kubernetes (see `certreq help summary`)')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Look from another day: a date, or a time as in RFC 3339')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'What "expires soon" means: time left, or part of the lifetime left [default: 30d, at most a third of the lifetime]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, one JSON document, a CSV line a device, node_exporter''s text format, or a monitoring plugin''s line; --journal has text, and JSON lines')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the report to a file, in one step, instead of stdout')
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'Write a page for browsers to a file, besides')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--platform', '--platform', [CompletionResultType]::ParameterName, 'Compare with what the platform has; without it nothing is contacted')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Print the journal: every step of every key, oldest first')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'End with the code of the worst state')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;summary' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;verify' {
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Only the devices of shard K of N, counted from 0: 0/16 to 15/16; auto takes K and N from Slurm or AWS Batch, auto/N takes K from them or Kubernetes (see `certreq help summary`)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too)')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'Trusted root certificates: file, bundle or directory (can be repeated) [default: ca/ca.pem beside the device directory]')
            [CompletionResult]::new('--intermediates', '--intermediates', [CompletionResultType]::ParameterName, 'Certificates between the root and the certificate: file, bundle or directory (can be repeated)')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key that belongs to the certificate [default: private.key of a device directory]')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The device it must be for [default: the id in the name of a device directory]')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What it must be good for; client and server want it said in the extended key usage [default: any, server with --name]')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'A certificate policy that is acceptable, dotted (can be repeated) [default: any]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The server name or address it must be for (subject alternative name)')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'Exit code 10 when less than this is left: 30d, 12h, or 33% of the lifetime')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Look from another moment: 2026-11-23, or 2026-11-23T08:00:00Z')
            [CompletionResult]::new('--revocation', '--revocation', [CompletionResultType]::ParameterName, 'off; prefer: revoked fails, not knowing does not; require: not knowing fails, too')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'Revocation lists: file, bundle, directory or URL (can be repeated) [default: crl.pem beside the root]')
            [CompletionResult]::new('--servername', '--servername', [CompletionResultType]::ParameterName, 'The name to ask a server for (SNI) [default: --name, or the host]')
            [CompletionResult]::new('--client-cert', '--client-cert', [CompletionResultType]::ParameterName, 'Show a server this client certificate')
            [CompletionResult]::new('--client-key', '--client-key', [CompletionResultType]::ParameterName, 'The private key of the client certificate')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host of the platform, or http://HOST, https://HOST[:PORT] [default: 127.0.0.1]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port [default: 8000, or 443 for https]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The user''s secret; other users of this machine can see it, use --secret-file instead')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this and take the first line it prints as the secret')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Keep the login token in this file and use it while it is valid')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How the platform logs people in: dojot (POST /auth, up to 0.8), oidc (1.0); auto asks it')
            [CompletionResult]::new('--realm', '--realm', [CompletionResultType]::ParameterName, 'With oidc: the realm, which is the tenant')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'With oidc: the client to log in as; it needs direct access grants')
            [CompletionResult]::new('--token-url', '--token-url', [CompletionResultType]::ParameterName, 'With oidc: the token endpoint [default: the realm''s, HOST/auth/realms/NAME/...]')
            [CompletionResult]::new('--access-token-file', '--access-token-file', [CompletionResultType]::ParameterName, 'Use this access token, do not log in; from a file or stdin (CERTREQ_ACCESS_TOKEN works too)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust these CA certificates for HTTPS, besides the system''s')
            [CompletionResult]::new('--ca-fingerprint', '--ca-fingerprint', [CompletionResultType]::ParameterName, 'The platform''s root certificate must have this SHA-256 fingerprint')
            [CompletionResult]::new('--accept-new-ca', '--accept-new-ca', [CompletionResultType]::ParameterName, 'The platform''s root certificate was renewed: take the one with this fingerprint beside the old one')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Time to establish a connection')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for one whole request [default: 60s; inspect and verify, for servers, too: 10s]')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Use the embedded authority instead of a host')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Directory of the embedded authority; typed, it means --local, too [default: in the user''s data directory]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'With --local: read the passphrase of the authority''s key from a file (CERTREQ_CA_PASSPHRASE works too)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object for each certificate, a line each')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('--system-roots', '--system-roots', [CompletionResultType]::ParameterName, 'Trust the roots of this computer')
            [CompletionResult]::new('--partial-chain', '--partial-chain', [CompletionResultType]::ParameterName, 'Let a path end at any certificate of --ca, self-signed or not')
            [CompletionResult]::new('--explicit-policy', '--explicit-policy', [CompletionResultType]::ParameterName, 'Require that the path is valid under a certificate policy that is acceptable')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'Ask the OCSP responders and distribution points that the certificates name')
            [CompletionResult]::new('--online-private', '--online-private', [CompletionResultType]::ParameterName, 'With --online, ask addresses in private networks, too')
            [CompletionResult]::new('--registered-only', '--registered-only', [CompletionResultType]::ParameterName, 'With --local: only devices that were registered with `certreq serve --register`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;whoami' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, or one JSON object')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take the values of this profile of the configuration file (see `certreq help config`)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: every device, every decision')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but failures')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'certreq;help' {
            [CompletionResult]::new('authority', 'authority', [CompletionResultType]::ParameterValue, 'Move the records of an embedded authority to another database')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show where settings come from; check the files')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'List the devices the platform has')
            [CompletionResult]::new('ca', 'ca', [CompletionResultType]::ParameterValue, 'Root certificate, revocation list, bundle, trusted CAs')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script, or write all')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Make keys and get certificates for devices')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make keys where no network is; csr writes the requests for them')
            [CompletionResult]::new('csr', 'csr', [CompletionResultType]::ParameterValue, 'Write the requests for keys that wait; carry them to a network')
            [CompletionResult]::new('join', 'join', [CompletionResultType]::ParameterValue, 'Join certificates that were carried back to their keys')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Prove a pair against a real server: TLS and MQTT, as the device will')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Find out what is wrong: clock, network, platform, token, directories')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Tell what certificates, keys, requests and lists say')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the certificates the platform has')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a certificate of another CA for a device')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke certificates, or take their owner away')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write pairs in the files other software expects')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Renew certificates before they expire')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Fetch a token and keep it; no secret is needed while it is valid')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the token of a host and user')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of certreq, or write all pages')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run the embedded platform: an authority behind the platform''s HTTP API')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show a whole fleet at a glance: who expires when, revoked, broken, mismatched')
            [CompletionResult]::new('summary', 'summary', [CompletionResultType]::ParameterValue, 'Add up the JSON lines of several runs, and end as one run would')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check certificates: chain, time, key, device id, revocation')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Say whose certificate a device directory holds; offline')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'certreq;help;authority' {
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy all records, and compare both sides afterwards')
            break
        }
        'certreq;help;authority;copy' {
            break
        }
        'certreq;help;config' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting and where it comes from: flag, variable, profile, default')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Name what the configuration files say and certreq does not understand')
            break
        }
        'certreq;help;config;show' {
            break
        }
        'certreq;help;config;check' {
            break
        }
        'certreq;help;devices' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add devices to the platform; those it has already stay as they are')
            break
        }
        'certreq;help;devices;add' {
            break
        }
        'certreq;help;ca' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the root on disk and on the platform, and whether they agree')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Write ca/ca.pem and ca/crl.pem')
            [CompletionResult]::new('crl', 'crl', [CompletionResultType]::ParameterValue, 'Write ca/crl.pem for a broker')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Print the platform''s root, and every trusted CA of the tenant, as one PEM file')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'CAs of others whose certificates devices of the tenant may use')
            break
        }
        'certreq;help;ca;show' {
            break
        }
        'certreq;help;ca;fetch' {
            break
        }
        'certreq;help;ca;crl' {
            break
        }
        'certreq;help;ca;bundle' {
            break
        }
        'certreq;help;ca;trust' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Trust the self-signed CA certificate in a file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the trusted CAs')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Stop trusting a CA')
            [CompletionResult]::new('auto-registration', 'auto-registration', [CompletionResultType]::ParameterValue, 'Say whether a CA''s certificates may register themselves')
            break
        }
        'certreq;help;ca;trust;add' {
            break
        }
        'certreq;help;ca;trust;list' {
            break
        }
        'certreq;help;ca;trust;remove' {
            break
        }
        'certreq;help;ca;trust;auto-registration' {
            break
        }
        'certreq;help;completions' {
            break
        }
        'certreq;help;issue' {
            break
        }
        'certreq;help;key' {
            break
        }
        'certreq;help;csr' {
            break
        }
        'certreq;help;join' {
            break
        }
        'certreq;help;connect' {
            break
        }
        'certreq;help;doctor' {
            break
        }
        'certreq;help;inspect' {
            break
        }
        'certreq;help;list' {
            break
        }
        'certreq;help;register' {
            break
        }
        'certreq;help;revoke' {
            break
        }
        'certreq;help;export' {
            break
        }
        'certreq;help;renew' {
            break
        }
        'certreq;help;login' {
            break
        }
        'certreq;help;logout' {
            break
        }
        'certreq;help;man' {
            break
        }
        'certreq;help;serve' {
            break
        }
        'certreq;help;status' {
            break
        }
        'certreq;help;summary' {
            break
        }
        'certreq;help;verify' {
            break
        }
        'certreq;help;whoami' {
            break
        }
        'certreq;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
