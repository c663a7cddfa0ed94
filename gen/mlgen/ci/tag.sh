#!/bin/sh
# tag.sh PROJECT: the tag of the image that HEAD makes of projects/PROJECT, named by what goes into it.
# The spec and the releases do not: they say where an image runs, not what is in it.
set -eu

folder=projects/$1
files=$(git ls-tree -r HEAD -- "$folder/" | awk -F '\t' -v one="$folder/mlgen.yaml" -v other="$folder/releases.yaml" \
  '$2 != one && $2 != other')
printf 'build-%s\n' "$(printf '%s' "$files" | git hash-object --stdin | cut -c 1-12)"
