#!/usr/bin/env bash
# scanning.sh FILE: the problems in FILE, which is SARIF, for GitHub's code scanning, as those of the commit that is checked.
#
# MLGEN_TOKEN may write security events. Who has no such token (a fork), or a repository without code scanning, gets a
# word about it and no error: the problems are annotations as well. Nothing that the server says is printed.
# https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
set -uo pipefail

if [ -z "${MLGEN_TOKEN:-}" ]; then
  echo 'mlgen: no token, so nothing for code scanning'
  exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
umask 077
# The token is in no argument, where other users of the machine could read it.
{
  printf 'Authorization: Bearer %s\n' "$MLGEN_TOKEN"
  printf 'Accept: application/vnd.github+json\nContent-Type: application/json\n'
} >"$scratch/headers"

read -r -d '' pack <<'PYTHON'
import base64, gzip, json, sys

file, commit, ref = sys.argv[1:]
with open(file, "rb") as problems:
    packed = base64.b64encode(gzip.compress(problems.read(), mtime=0)).decode("ascii")
print(json.dumps({"commit_sha": commit, "ref": ref, "sarif": packed, "tool_name": "mlgen"}))
PYTHON

python3 -c "$pack" "$1" "$GITHUB_SHA" "$GITHUB_REF" >"$scratch/body"
status=$(
  curl --silent --max-time 60 --output /dev/null --write-out '%{http_code}' --header "@$scratch/headers" \
    --data "@$scratch/body" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/code-scanning/sarifs"
) || true
case $status in
  202) echo 'mlgen: the problems are in code scanning' ;;
  401 | 403 | 404) echo "mlgen: the token may not write to code scanning, or there is none ($status)" ;;
  *) echo "::warning title=mlgen::code scanning did not take the problems (${status:-no answer})" ;;
esac
