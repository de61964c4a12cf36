#!/usr/bin/env bash
# What the tests of the Helm chart need: helm of the pinned version, built from Go's module proxy, and the schemas of Kubernetes
# and of the operators whose objects the chart makes. Both once, into a cache folder (META_ACTIONS_CACHE, else
# ~/.cache/meta-actions): two minutes on two processors. Needs Go 1.26 and npm. Prints the path of helm.
#
#   "$(scripts/kubernetes-tools.sh)" lint deploy/helm/meta-actions -f deploy/helm/meta-actions/ci/minimal.yaml
set -euo pipefail

readonly version='v3.22.0'
home="${META_ACTIONS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/meta-actions}/kubernetes"
wanted="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/kubernetes-schemas"
mkdir -p "$home"

if [ ! -x "$home/helm-$version" ]; then
  command -v go > /dev/null || { echo 'kubernetes-tools.sh: Go is missing, which builds helm' >&2; exit 1; }
  echo "kubernetes-tools.sh: building helm $version" >&2
  GOBIN="$home/bin" go install "helm.sh/helm/v3/cmd/helm@$version"
  mv "$home/bin/helm" "$home/helm-$version"
fi

if ! cmp -s "$wanted/package-lock.json" "$home/package-lock.json"; then
  cp "$wanted"/package.json "$wanted"/package-lock.json "$home"
  if ! (cd "$home" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2); then
    rm "$home/package-lock.json" # the next run tries again
    exit 1
  fi
fi
echo "$home/helm-$version"
