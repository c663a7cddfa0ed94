#!/usr/bin/env bash
# The merge-request check on GitLab: reports for its pages, what changes in the log, and one note that is kept up to date.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
options=(--root="${MLGEN_ROOT:-.}")
[ "${MLGEN_STRICT:-false}" = true ] && options+=(--strict)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
result=0

# Keep the worst exit code.
worst() { [ "$1" -le "$result" ] || result=$1; }

base=${MLGEN_BASE:-${CI_MERGE_REQUEST_DIFF_BASE_SHA:-HEAD^1}}
if ! git rev-parse --quiet --verify --end-of-options "$base^{commit}" >/dev/null 2>&1; then
  echo 'mlgen: the base of this merge request is not in the clone: it needs GIT_DEPTH: "0"' >&2
  exit 2
fi
options+=(--since="$base") # what it can make a difference to

mlgen check "${options[@]}" || worst $?
mlgen check "${options[@]}" --format gitlab >mlgen-codequality.json || worst $?
mlgen check "${options[@]}" --format junit >mlgen-junit.xml || worst $?

code=0
mlgen diff --root="${MLGEN_ROOT:-.}" --base="$base" || code=$?
[ "$code" -le 1 ] || worst "$code" # problems are said already
if [ "$code" -le 1 ] && [ -n "${CI_MERGE_REQUEST_IID:-}" ]; then
  mlgen diff --root="${MLGEN_ROOT:-.}" --base="$base" --format markdown >"$scratch/note.md" 2>/dev/null
  MLGEN_COMMENTS="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests" MLGEN_NUMBER=$CI_MERGE_REQUEST_IID \
    bash "$here/comment.sh" gitlab "$scratch/note.md"
fi
exit "$result"
