#!/usr/bin/env bash
# release.sh FILE: ENVIRONMENT runs from now on what build.sh wrote down in FILE: said in releases.yaml, rendered, and
# committed to BRANCH.
#
# MLGEN_TOKEN may push, REMOTE is where to (else origin). It is done on the branch's newest commit, and again where that
# moved meanwhile, so runs need no queue; an image is released only while the branch still has what is in it, so an
# older run cannot undo a newer one.
set -euo pipefail

reset() {
  git fetch --quiet --no-tags "$remote" "refs/heads/$BRANCH"
  git checkout --quiet --force --detach FETCH_HEAD
}

commit() {
  local project image tag released=()
  while read -r project image; do
    if ! [[ $project =~ ^[a-z]([-a-z0-9]*[a-z0-9])?$ && $image =~ ^[A-Za-z0-9._:/-]+:[A-Za-z0-9._-]+@sha256:[0-9a-f]{64}$ ]]; then
      echo 'mlgen: a line that build.sh did not write' >&2
      exit 2
    fi
    tag=${image%@*}
    if [ "${tag##*:}" != "$(sh "$scratch/tag.sh" "$project")" ]; then
      echo "mlgen: $BRANCH has a newer $project, whose own run releases it"
      continue
    fi
    # No line of what it says is a command to a runner. What one project lacks is no reason to stop another.
    if ! mlgen release "$project" --env="$ENVIRONMENT" --image="$image" 2>&1 | sed 's/^/| /'; then
      failed=1
      continue
    fi
    git add --all -- "projects/$project/releases.yaml" overlays
    released+=("$project")
  done <"$scratch/images"
  if git diff --cached --quiet; then
    echo 'mlgen: nothing to release'
    exit "$failed"
  fi
  git commit --quiet --message "Release ${released[*]} to $ENVIRONMENT"
}

main() {
  local try
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  # What is checked out below may have another release.sh.
  cp "$1" "$scratch/images"
  cp "$(dirname "${BASH_SOURCE[0]}")/tag.sh" "$scratch/tag.sh"
  remote=${REMOTE:-origin}
  export GIT_TERMINAL_PROMPT=0
  if [ -n "${MLGEN_TOKEN:-}" ]; then
    # By the environment: in no argument, no file and no address.
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=credential.helper
    # shellcheck disable=SC2016 # git runs it, with the token in its environment
    export GIT_CONFIG_VALUE_0='!f() { echo username=x-access-token; printf "password=%s\n" "$MLGEN_TOKEN"; }; f'
  fi
  for try in 1 2 3 4 5 6 7 8; do
    failed=0
    reset
    commit
    if git push --quiet "$remote" "HEAD:refs/heads/$BRANCH"; then
      echo "mlgen: committed to $BRANCH"
      exit "$failed"
    fi
    echo "mlgen: $BRANCH moved meanwhile, or the push was refused (try $try)"
    sleep "$((RANDOM % (try * 2) + 1))"
  done
  exit 2
}

main "$@"
