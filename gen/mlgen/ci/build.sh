#!/bin/sh
# build.sh FILE: build and push the image of each project with a Dockerfile that a push changed, and write a line of each
# to FILE: PROJECT IMAGE:TAG@DIGEST.
#
# It is the project's `image`, below REGISTRY unless that has a host of its own; without one, it is named as the project.
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

# image_of PROJECT: the name of its image.
image_of() {
  name=$(sed -n 's|^image: *"\{0,1\}\([a-z0-9][a-z0-9._/-]*\)\(:[A-Za-z0-9_.-]*\)\{0,1\}\(@[a-z0-9:]*\)\{0,1\}"\{0,1\} *\(#.*\)\{0,1\}$|\1|p' \
    "projects/$1/mlgen.yaml" | head -n 1)
  name=${name:-$1}
  case ${name%"${name#*/}"} in
    *.*/ | localhost/) printf '%s' "$name" ;;
    *) printf '%s/%s' "$REGISTRY" "$name" ;;
  esac
}

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
  image=$(image_of "$project")
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
