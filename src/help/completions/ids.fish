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

