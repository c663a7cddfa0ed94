#!/bin/sh
# build.sh FILE: build and push the image of each project with a Dockerfile that a push changed, REGISTRY/PROJECT; and
# write a line of each to FILE: PROJECT IMAGE:TAG@DIGEST.
#
# BEFORE is the commit before the push. REGISTRY_USER and REGISTRY_PASSWORD are for the registry, if it wants any.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
: >"$1"
exec 3>"$1"

known=
case ${BEFORE:-} in
  '' | *[!0-9a-f]*) ;;
  *) if git cat-file -e "$BEFORE^{commit}" 2>/dev/null; then known=yes; fi ;;
esac
[ -n "$known" ] || echo 'mlgen: what was there before is not known here, so every image is built'

login=
for file in projects/*/Dockerfile; do
  folder=${file%/Dockerfile}
  project=${folder#projects/}
  case $project in
    '*') continue ;; # there is none
    *[!a-z0-9-]* | -* | *-) echo 'mlgen: a folder that no project can be called was left out' && continue ;;
  esac
  if [ -n "$known" ] &&
    git diff --quiet "$BEFORE" HEAD -- "$folder" ":(exclude)$folder/mlgen.yaml" ":(exclude)$folder/releases.yaml"; then
    continue
  fi
  if [ -z "$login" ] && [ -n "${REGISTRY_PASSWORD:-}" ]; then
    printf '%s' "$REGISTRY_PASSWORD" | docker login --username "${REGISTRY_USER:-}" --password-stdin "${REGISTRY%%/*}"
    login=yes
  fi
  image=$REGISTRY/$project
  tagged=$image:$(sh "$here/tag.sh" "$project")
  docker build --label "org.opencontainers.image.revision=$(git rev-parse HEAD)" --tag "$tagged" "$folder"
  docker push "$tagged"
  digests=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$tagged")
  digest=$(printf '%s\n' "$digests" | sed -n "s|^$image@\(sha256:[0-9a-f]\{64\}\)\$|\1|p" | head -n 1)
  if [ -z "$digest" ]; then
    echo "mlgen: the registry said no digest of $tagged" >&2
    exit 2
  fi
  printf '%s %s@%s\n' "$project" "$tagged" "$digest" >&3
done
