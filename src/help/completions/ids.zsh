
# Ids of the devices that have a directory in --dir, else here.
_certreq_ids() {
    local dir=. i
    local -a ids typed
    # The words of an argument are fewer than those of the line.
    typed=( ${(z)LBUFFER} )
    for (( i = 2; i <= $#typed; i++ )); do
        case ${typed[i]} in
            --dir=*) dir=${typed[i]#--dir=} ;;
            --dir) dir=${typed[i + 1]} ;;
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
