# Completion of newsletter in zsh. In ~/.zshrc:  eval "$(newsletter completion zsh)"
_newsletter_cli() {
  local line
  local -a candidates
  while IFS= read -r line; do
    candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done < <(@PROGRAM@ completion --words -- "${(@)words[2,CURRENT-1]}" "=${words[CURRENT]}" 2>/dev/null </dev/null)
  if (( ${#candidates} )); then
    _describe -V 'newsletter' candidates
  else
    _files
  fi
}
if (( ! ${+functions[compdef]} )); then
  autoload -Uz compinit && compinit
fi
compdef _newsletter_cli @NAMES@
