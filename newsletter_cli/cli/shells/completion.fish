# Completion of newsletter in fish. In ~/.config/fish/config.fish:  newsletter completion fish | source
function __newsletter_cli
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l candidates (@PROGRAM@ completion --words -- $words[2..-1] "=$current" 2>/dev/null </dev/null)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else
        __fish_complete_path "$current"
    end
end
for name in @NAMES@
    complete -c $name -f -k -a '(__newsletter_cli)'
end
