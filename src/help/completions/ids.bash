
# Ids of the devices that have a directory in --dir, else here.
_certreq_ids() {
    local cur="$1" before="" dir="." i id
    for (( i = 1; i < COMP_CWORD; i++ )); do
        if [[ "${COMP_WORDS[i]}" == "--dir" ]]; then
            dir="${COMP_WORDS[i + 1]}"
            [[ "${dir}" == "=" ]] && dir="${COMP_WORDS[i + 2]}"
        fi
    done
    dir="${dir/#\~/${HOME}}"
    [[ "${cur}" == *,* ]] && before="${cur%,*},"
    for id in "${dir}"/cert_*/; do
        [[ -d "${id}" ]] || continue
        id="${id%/}"
        id="${before}${id##*/cert_}"
        [[ "${id}" == "${cur}"* ]] && COMPREPLY+=( "${id}" )
    done
}

_certreq_or_ids() {
    local cur="$2" prev="$3" i word
    case "${prev}" in
        @OPTIONS@)
            COMPREPLY=()
            _certreq_ids "${cur}"
            return 0
            ;;
    esac
    _certreq "$@"
    for i in "${!COMPREPLY[@]}"; do
        # Names of what is meant are nothing to type.
        [[ "${COMPREPLY[i]}" == [\<\[]* ]] && unset 'COMPREPLY[i]'
    done
    COMPREPLY=( "${COMPREPLY[@]}" )
    [[ "${cur}" == -* ]] && return 0
    case "${prev}" in
        @VALUED@|=)
            return 0
            ;;
    esac
    for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
        case "${word}" in
            @VERBS@)
                COMPREPLY=()
                _certreq_ids "${cur}"
                return 0
                ;;
        esac
    done
}

complete -F _certreq_or_ids -o bashdefault -o default certreq
