# Completion of newsletter in bash. In ~/.bashrc:  eval "$(newsletter completion bash)"
_newsletter_cli() {
  local value _about
  COMPREPLY=()
  while IFS=$'\t' read -r value _about; do
    if [[ -n $value ]]; then COMPREPLY+=("$value"); fi
  done < <(@PROGRAM@ completion --words -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" "=${COMP_WORDS[COMP_CWORD]}" 2>/dev/null </dev/null)
}
complete -o default -o bashdefault -F _newsletter_cli @NAMES@
