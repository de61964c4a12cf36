#!/usr/bin/env bash
# Runs the suites that ask for a broker against Apache Kafka: the brokers of KAFKA_BROKERS, else one that this script starts on
# loopback in a folder of its own and stops again (scripts/kafka.sh, Java 17 and Maven). The schema registry is that of
# SCHEMA_REGISTRY_URL, else one that is started likewise (scripts/registry.sh). Arguments go to vitest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder="$(mktemp -d)"
finish() {
  [ ! -d "$folder/kafka" ] || bash scripts/kafka.sh stop --dir "$folder/kafka" || true
  [ -z "${started_registry:-}" ] || bash scripts/registry.sh stop || true
  rm -rf "$folder"
}
trap finish EXIT
if [ -z "${SCHEMA_REGISTRY_URL:-}" ]; then
  started_registry=yes
  SCHEMA_REGISTRY_URL="$(bash scripts/registry.sh start)"
  export SCHEMA_REGISTRY_URL
fi
if [ -z "${KAFKA_BROKERS:-}" ]; then
  line="$(bash scripts/kafka.sh start --dir "$folder/kafka" | tail -n 1)"
  export KAFKA_BROKERS="${line#KAFKA_BROKERS=}"
fi
echo "test-kafka: suites on $KAFKA_BROKERS, with the schema registry $SCHEMA_REGISTRY_URL"
# Those that ask for a broker; to the others it is all one, and `npm run test:all` runs them. Nothing is skipped.
mapfile -t suites < <(grep -rlE '\b(brokerForTests|openStage|playRows|onApacheKafka)\b' test --include='*.test.ts')
npx vitest run "${suites[@]}" "$@"
