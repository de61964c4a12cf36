#!/usr/bin/env bash
# Writes the digest of each image behind its tag, in the Dockerfile and compose.yaml: `node:24-slim@sha256:…`. Needs the registry,
# and Docker with buildx, crane or skopeo. Run it before a release, and look at what it changed.
#
#   scripts/pin-images.sh            asks the registry and writes
#   scripts/pin-images.sh --check    exit 1 when an image has no digest; asks nobody
set -euo pipefail
cd "${PIN_IMAGES_IN:-$(dirname "${BASH_SOURCE[0]}")/..}"

readonly files=(Dockerfile compose.yaml)
# FROM image …, and image: image; not the one that compose builds, nor a stage.
images() { sed -nE 's/^(FROM|[[:space:]]+image:) ([a-z0-9.\/-]+:[A-Za-z0-9._-]+)(@sha256:[0-9a-f]{64})?( .*)?$/\2\3/p' "${files[@]}" | sort -u; }

digest_of() { # of the list of platforms, where there is one
  if docker buildx version > /dev/null 2>&1; then
    docker buildx imagetools inspect "$1" --format '{{.Manifest.Digest}}'
  elif command -v crane > /dev/null; then
    crane digest "$1"
  else
    skopeo inspect --format '{{.Digest}}' "docker://$1"
  fi
}

if [ "${1:-}" = '--check' ]; then
  unpinned="$(images | grep -v '@sha256:' || true)"
  [ -z "$unpinned" ] || { printf 'without a digest: %s\n' $unpinned >&2; exit 1; }
  exit 0
fi

for image in $(images); do
  tag="${image%@*}"
  digest="$(digest_of "$tag")"
  [[ "$digest" =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "pin-images: no digest for $tag" >&2; exit 1; }
  sed -i -E "s#^(FROM|[[:space:]]+image:) ${tag//./\\.}(@sha256:[0-9a-f]{64})?( .*)?\$#\1 $tag@$digest\3#" "${files[@]}"
  echo "$tag@$digest"
done
