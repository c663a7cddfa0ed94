#!/usr/bin/env bash
# comment.sh github|gitlab FILE: the text of FILE as a comment of the pull request, in place of the one before it.
#
# MLGEN_TOKEN may write comments; MLGEN_COMMENTS is where they are, MLGEN_NUMBER the pull request's. Who has no token
# (a fork) gets no comment and no error: the summary says it all. Nothing that the server says is printed.
set -uo pipefail

host=$1 file=$2 marker='<!-- mlgen diff -->'
if [ -z "${MLGEN_TOKEN:-}" ]; then
  echo 'mlgen: no token, so no comment'
  exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
umask 077
if [ "$host" = gitlab ]; then
  list=$MLGEN_COMMENTS/$MLGEN_NUMBER/notes one=$list change=PUT
  printf 'PRIVATE-TOKEN: %s\n' "$MLGEN_TOKEN" >"$scratch/headers"
else
  list=$MLGEN_COMMENTS/$MLGEN_NUMBER/comments one=$MLGEN_COMMENTS/comments change=PATCH
  printf 'Authorization: Bearer %s\nAccept: application/vnd.github+json\n' "$MLGEN_TOKEN" >"$scratch/headers"
fi
printf 'Content-Type: application/json\n' >>"$scratch/headers"

# api ADDRESS [CURL OPTION ...]: the answer in $scratch/answer, its status on stdout. The token is in no argument.
api() {
  curl --silent --max-time 60 --output "$scratch/answer" --write-out '%{http_code}' \
    --header "@$scratch/headers" "${@:2}" "$1" || true
}

# No comment is no failure: what the check found counts.
give_up() {
  case $1 in
    401 | 403 | 404) echo "mlgen: the token may not write comments ($1), so there is none" ;;
    *) echo "::warning title=mlgen::the comment could not be written (${1:-no answer})" ;;
  esac
  exit 0
}

# On GitLab a note has an author and no sort, so our own is looked for by who we are.
me=
if [ "$host" = gitlab ]; then
  status=$(api "${MLGEN_COMMENTS%/projects/*}/user")
  [ "$status" = 200 ] || give_up "$status"
  me=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["id"])' "$scratch/answer")
fi

# Ours: it begins with the marker, and no person wrote it. Anybody may write a marker.
read -r -d '' find <<'PYTHON'
import json, sys

answer, marker, me = sys.argv[1:]
comments = json.load(open(answer, encoding="utf-8"))


def ours(comment):
    wrote = comment.get("user") or comment.get("author") or {}
    machine = str(wrote.get("id")) == me if me else wrote.get("type") == "Bot"
    return machine and str(comment.get("body") or "").startswith(marker)


print(len(comments), next((comment["id"] for comment in comments if ours(comment)), ""))
PYTHON

id='' count=100 page=1
while [ -z "$id" ] && [ "$count" -eq 100 ] && [ "$page" -le 50 ]; do
  status=$(api "$list?per_page=100&page=$page")
  [ "$status" = 200 ] || give_up "$status"
  read -r count id < <(python3 -c "$find" "$scratch/answer" "$marker" "$me")
  [ -n "$count" ] || give_up 'an answer that is no JSON'
  page=$((page + 1))
done

# Nothing to say, and nothing said before that would be wrong now.
if [ -z "$id" ] && grep -qxF '**mlgen**: nothing that is rendered changes.' "$file" && [ "$(wc -l <"$file")" -eq 2 ]; then
  exit 0
fi

python3 -c 'import json, sys; print(json.dumps({"body": open(sys.argv[1], encoding="utf-8").read()[:65536]}))' \
  "$file" >"$scratch/body"
status=
[ -n "$id" ] && status=$(api "$one/$id" --request "$change" --data "@$scratch/body")
# Somebody may have deleted it in between.
case $status in '' | 404) status=$(api "$list" --request POST --data "@$scratch/body") ;; esac
case $status in 200 | 201) echo 'mlgen: commented' ;; *) give_up "$status" ;; esac
