#!/usr/bin/env bash
# Makes a release of the commit that is checked out: docs/releases.md says what comes before and after.
#
#   scripts/release.sh 0.2.0               checks, all of .ci/run, then tag, tarball, SBOM, checksums and image
#   scripts/release.sh 0.2.0 --dry-run     checks, tarball, SBOM and checksums; no .ci/run, no tag, no image
#
# Writes to release/VERSION, or to the folder of --out. Pushes and publishes nothing: it prints how to.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  echo 'usage: scripts/release.sh VERSION [--dry-run] [--out FOLDER]' >&2
  exit 2
}

version='' dry_run=false out=''
while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) dry_run=true ;;
    --out) out="${2:?--out needs a folder}" && shift ;;
    -*) usage ;;
    *) [ -z "$version" ] && version="$1" || usage ;;
  esac
  shift
done
[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || usage
out="${out:-release/$version}"
tag="v$version"

say() { echo "release: $*"; }
problems=()
problem() { problems+=("$*"); }

# All of them, so that nobody goes through this one problem at a time.
check() {
  [ -z "$(git status --porcelain)" ] || problem 'the working tree is not clean'
  git rev-parse --quiet --verify "refs/tags/$tag" >/dev/null && problem "the tag $tag is there already"
  local packaged
  packaged="$(node -p 'require("./package.json").version')"
  [ "$packaged" = "$version" ] || problem "package.json says $packaged: npm version --no-git-tag-version $version"
  grep -qE "^## \[${version//./\\.}\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$" CHANGELOG.md ||
    problem "CHANGELOG.md has no section \"## [$version] - $(date -u +%F)\""
  [ -n "$(ls test/fixtures/releases 2>/dev/null)" ] || problem 'nothing of an earlier release is kept in test/fixtures/releases'
}

pack() {
  mkdir -p "$out"
  rm -f "$out"/*.tgz "$out/sbom.cdx.json" "$out/SHA256SUMS"
  npm pack --silent --pack-destination "$out" >/dev/null
  npm sbom --package-lock-only --sbom-format cyclonedx --sbom-type application --omit dev >"$out/sbom.cdx.json"
}

# By digest, since a tag may be moved. Without an engine there is no image: say so rather than fail.
image() {
  local engine
  engine="$(command -v docker || command -v podman || true)"
  if [ -z "$engine" ]; then
    say 'no docker and no podman here: make the image where there is one'
    return
  fi
  scripts/pin-images.sh --check
  "$engine" build --tag "meta-actions:$version" .
  "$engine" image inspect --format '{{.Id}}' "meta-actions:$version" >"$out/image.txt"
}

check
if [ ${#problems[@]} -gt 0 ]; then
  for each in "${problems[@]}"; do say "$each"; done
  exit 1
fi
if ! $dry_run; then .ci/run; fi
pack
if ! $dry_run; then image; fi
(cd "$out" && sha256sum -- * >SHA256SUMS)
if $dry_run; then
  say "dry run: $out holds what $tag would be made of; nothing was tagged"
  exit 0
fi
git tag --annotate "$tag" --message "meta-actions $version"
cat <<NEXT
release: $tag is made, and $out holds it. Next:
  git push origin $tag
  npm publish $out/meta-actions-$version.tgz
  docker push, and write the digest that it prints beside the release
  node scripts/release-fixtures.ts $tag      and commit what it writes: the next release must read it
NEXT
