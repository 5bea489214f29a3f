
# Ids of the devices that have a directory in --dir, else here.
_certreq_ids() {
    local dir=${opt_args[--dir]:-.}
    local -a ids
    dir=${dir/#\~/$HOME}
    ids=( ${(Q)dir}/cert_*(N/:t) )
    ids=( ${ids#cert_} )
    compset -P '*,'
    compadd "$@" -- $ids
}

_certreq_ids_or_files() {
    _alternative 'ids:device:_certreq_ids' 'files:file:_files'
}
