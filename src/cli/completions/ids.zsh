
# Ids of the devices that have a directory in --dir, else here.
_certreq_ids() {
    local dir=. i
    local -a ids
    for (( i = 1; i < CURRENT; i++ )); do
        case ${words[i]} in
            --dir=*) dir=${words[i]#--dir=} ;;
            --dir) dir=${words[i + 1]} ;;
        esac
    done
    dir=${dir/#\~/$HOME}
    ids=( ${(Q)dir}/cert_*(N/:t) )
    ids=( ${ids#cert_} )
    compset -P '*,'
    compadd "$@" -- $ids
}

_certreq_ids_or_files() {
    _alternative 'ids:device:_certreq_ids' 'files:file:_files'
}
