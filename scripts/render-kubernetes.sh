#!/usr/bin/env bash
# Writes deploy/kubernetes.yaml, for those without helm: what the chart makes of its least values. A test fails when it isn't that.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
helm="$(scripts/kubernetes-tools.sh)"
{
  cat <<'EOF'
# Written by scripts/render-kubernetes.sh: the Helm chart deploy/helm/meta-actions with ci/minimal.yaml. Put in your image,
# brokers, topics and mapping. Before:
#   kubectl create secret generic web-store --from-literal=access-token=…
EOF
  "$helm" template meta-actions deploy/helm/meta-actions --namespace data --kube-version 1.31.0 \
    --values deploy/helm/meta-actions/ci/minimal.yaml
} > deploy/kubernetes.yaml
