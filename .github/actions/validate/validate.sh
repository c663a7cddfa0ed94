#!/usr/bin/env bash
# Annotates the pull request with every problem and writes the same list into the job's summary.
set -uo pipefail

mlgen=(env -u PYTHONPATH "$RUNNER_TEMP/mlgen/bin/mlgen")
options=(--root "$INPUT_ROOT")
[ "$INPUT_STRICT" = true ] && options+=(--strict)

result=0
for command in validate check; do
  code=0
  "${mlgen[@]}" "$command" "${options[@]}" --format github || code=$?
  if [ "$code" -ne 0 ]; then
    {
      printf '### mlgen %s\n\n' "$command"
      # Four spaces make a code block that no text inside can end.
      "${mlgen[@]}" "$command" "${options[@]}" --format concise 2>&1 | head -c 60000 | sed 's/^/    /'
      printf '\n\n'
    } >>"$GITHUB_STEP_SUMMARY"
  fi
  [ "$code" -gt "$result" ] && result=$code
done
exit "$result"
