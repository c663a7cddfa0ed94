#!/usr/bin/env bash
# The pull-request check on GitHub: annotations, the job's summary, and one comment that is kept up to date.
# Everything that the repository says is text of a stranger: it gets to the log behind `stop-commands` only.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${INPUT_ROOT:-.}
options=(--root="$root")
[ "${INPUT_STRICT:-false}" = true ] && options+=(--strict)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
result=0

mlgen() { env -u PYTHONPATH mlgen "$@"; }

# Keep the worst exit code.
worst() { [ "$1" -le "$result" ] || result=$1; }

# Pass stdin to the log, where no line of it is a command to the runner.
quoted() {
  local token
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  cat
  printf '\n::%s::\n' "$token"
}

# The revision to compare with. The merge commit that GitHub checks out has the base as its first parent; the event's
# own `base.sha` may be hours old.
base() {
  if [ -n "${INPUT_BASE:-}" ]; then
    printf '%s' "$INPUT_BASE"
  elif [ -z "${GITHUB_BASE_REF:-}" ] || git -C "$root" rev-parse --quiet --verify 'HEAD^2' >/dev/null 2>&1; then
    printf 'HEAD^1'
  else
    printf 'refs/remotes/origin/%s' "$GITHUB_BASE_REF"
  fi
}

check() {
  local code=0
  mlgen check "${options[@]}" --format github 2>"$scratch/said" || code=$?
  [ -s "$scratch/said" ] && quoted <"$scratch/said"
  worst "$code"
  [ "$code" -eq 0 ] && return
  {
    printf '### mlgen check\n\n'
    # Four spaces make a code block that no text inside can end.
    mlgen check "${options[@]}" --format concise 2>&1 | head -c 60000 | sed 's/^/    /'
    printf '\n\n'
  } >>"$GITHUB_STEP_SUMMARY"
}

# The problems as SARIF: for who comes after this step, and for code scanning.
sarif() {
  local code=0 file=${INPUT_SARIF:-$scratch/mlgen.sarif}
  mlgen check "${options[@]}" --format sarif >"$file" 2>"$scratch/said" || code=$?
  if [ "$code" -gt 1 ]; then
    quoted <"$scratch/said"
    worst "$code"
  elif [ "${INPUT_SCANNING:-false}" = true ]; then
    bash "$here/scanning.sh" "$file"
  fi
}

compare() {
  local code=0
  [ -n "$revision" ] || return
  # Problems of the head are annotations already; only what could not run at all counts here.
  mlgen diff --root="$root" --base="$revision" --format markdown >"$scratch/diff.md" 2>"$scratch/said" || code=$?
  if [ "$code" -gt 1 ]; then
    quoted <"$scratch/said"
    worst "$code"
    return
  fi
  {
    cat "$scratch/diff.md"
    [ "$result" -eq 0 ] || printf '\n**mlgen check** found problems: they are annotated where they are.\n'
  } >"$scratch/comment.md"
  cat "$scratch/comment.md" >>"$GITHUB_STEP_SUMMARY"
  if [ "${INPUT_COMMENT:-true}" = true ] && [[ ${GITHUB_REF:-} =~ ^refs/pull/([0-9]+)/ ]]; then
    MLGEN_COMMENTS="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues" MLGEN_NUMBER=${BASH_REMATCH[1]} \
      bash "$here/comment.sh" github "$scratch/comment.md"
  fi
}

revision=$(base)
wanted=${GITHUB_BASE_REF:-}${INPUT_BASE:-}
if ! git -C "$root" rev-parse --quiet --verify --end-of-options "$revision^{commit}" >/dev/null 2>&1; then
  revision='' # the first commit of all changes nothing
  if [ -n "$wanted" ]; then
    echo '::error title=mlgen::the base of this pull request is not in the clone: check out with fetch-depth: 2'
    worst 2
  fi
elif [ -n "$wanted" ]; then
  options+=(--since="$revision") # what it can make a difference to
fi
check
[ -z "${INPUT_SARIF:-}" ] && [ "${INPUT_SCANNING:-false}" != true ] || sarif
compare
exit "$result"
