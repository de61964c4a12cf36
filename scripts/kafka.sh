#!/usr/bin/env bash
# A single-node Apache Kafka (KRaft) on loopback, for the integration tests. Needs Java 17 and Maven; the jars come from
# Maven Central into Maven's own cache.
#
#   scripts/kafka.sh start  [--dir DIR]   last line on stdout: KAFKA_BROKERS=127.0.0.1:PORT
#   scripts/kafka.sh status [--dir DIR]   exit 0 when it runs
#   scripts/kafka.sh stop   [--dir DIR]   keeps the data and the port: `start` goes on from there
#
# DIR holds one broker and nothing else; default: $KAFKA_HOME_DIR, else .kafka/ in the repository. Delete it to forget.
# KAFKA_VERSION picks the release. For a new broker: KAFKA_EXTRA_PROPERTIES holds more lines for its server.properties,
# KAFKA_EXTRA_LISTENERS more listeners (SASL_PLAINTEXT://127.0.0.1:PORT,…), KAFKA_SCRAM_USER a user for SCRAM (NAME:PASSWORD).
set -euo pipefail

readonly version="${KAFKA_VERSION:-4.3.1}"
readonly ready_within_seconds=60
repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
dir="${KAFKA_HOME_DIR:-$repository/.kafka}"

say() { echo "kafka.sh: $*" >&2; }
fail() { say "$*"; exit 1; }
usage() { say 'usage: scripts/kafka.sh start|stop|status [--dir DIR]'; exit 2; }

require() {
  command -v "$1" >/dev/null && return
  say "$1 is missing ($2). Ways to a broker:"
  say '  1. set KAFKA_BROKERS=host:port to one that runs'
  say '  2. docker compose up kafka'
  say '  3. install Java 17 and Maven and run this script again'
  exit 1
}

broker_pid() { # prints the pid when the broker of this folder runs; a pid used again by another program doesn't count
  local pid
  pid="$(cat "$dir/pid" 2>/dev/null)" || return 1
  ps -p "$pid" -o args= 2>/dev/null | grep -qF -- "$dir/server.properties" || return 1
  echo "$pid"
}

broker_port() { sed -n 's/^advertised.listeners=.*:\([0-9]*\)$/\1/p' "$dir/server.properties"; }

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  while true; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000)) # below the range that outgoing connections take
    port_is_open "$port" || { echo "$port"; return; }
  done
}

fetch_jars() { # into Maven's cache; their paths into $dir/classpath-VERSION
  [[ -s "$dir/classpath-$version" ]] && return
  say "fetching Apache Kafka $version from Maven Central"
  mkdir -p "$dir/jars"
  cat >"$dir/jars/pom.xml" <<EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
EOF
  (cd "$dir/jars" && mvn -B -q dependency:build-classpath -Dmdep.outputFile="$dir/classpath.new" >&2) ||
    fail "Maven could not fetch the jars. Set KAFKA_BROKERS to a broker that runs, or use docker compose up kafka"
  mv "$dir/classpath.new" "$dir/classpath-$version"
}

configure() { # once per folder: ports, properties, storage
  [[ -s "$dir/server.properties" ]] && return
  local port controller mechanism scram=() extra="${KAFKA_EXTRA_LISTENERS:+$KAFKA_EXTRA_LISTENERS,}"
  port="$(free_port)"
  controller="$(free_port)"
  while [[ "$controller" == "$port" ]]; do controller="$(free_port)"; done
  cat >"$dir/server.new" <<EOF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
controller.listener.names=CONTROLLER
listeners=${extra}PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=${extra}PLAINTEXT://127.0.0.1:$port
log.dirs=$dir/data
num.partitions=6
auto.create.topics.enable=true
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.segment.bytes=104857600
log.cleaner.dedupe.buffer.size=8388608
${KAFKA_EXTRA_PROPERTIES:-}
EOF
  for mechanism in ${KAFKA_SCRAM_USER:+SCRAM-SHA-256 SCRAM-SHA-512}; do
    scram+=(--add-scram "$mechanism=[name=${KAFKA_SCRAM_USER%%:*},password=${KAFKA_SCRAM_USER#*:}]")
  done
  # With "=", because an id may begin with a dash.
  java_run kafka.tools.StorageTool format --cluster-id="$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=')" \
    --config "$dir/server.new" ${scram[@]+"${scram[@]}"} >"$dir/format.log" 2>&1 || { cat "$dir/format.log" >&2; fail 'formatting the storage failed'; }
  mv "$dir/server.new" "$dir/server.properties"
}

java_run() {
  java -Xms128m -Xmx512m -Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.defaultLogLevel=info \
    -cp "$(cat "$dir/classpath-$version")" "$@"
}

start() {
  local pid port waited=0
  if pid="$(broker_pid)"; then
    say "already running (pid $pid)"
    echo "KAFKA_BROKERS=127.0.0.1:$(broker_port)"
    return
  fi
  require java 'Java 17 or newer'
  require mvn 'Apache Maven'
  mkdir -p "$dir"
  dir="$(cd "$dir" && pwd)"
  fetch_jars
  configure
  port="$(broker_port)"
  # exec: the pid is java's own. setsid: Ctrl-C in the terminal doesn't reach it.
  (exec setsid java -Xms128m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -Dorg.slf4j.simpleLogger.showDateTime=true \
    -cp "$(cat "$dir/classpath-$version")" kafka.Kafka "$dir/server.properties" </dev/null >"$dir/server.log" 2>&1) &
  echo $! >"$dir/pid"
  until grep -q 'Kafka Server started' "$dir/server.log" && port_is_open "$port"; do
    broker_pid >/dev/null || { ((waited > 5)) && { tail -20 "$dir/server.log" >&2; fail "the broker ended, see $dir/server.log"; }; }
    ((waited < ready_within_seconds * 5)) || { tail -20 "$dir/server.log" >&2; stop; fail "not ready within $ready_within_seconds s"; }
    sleep 0.2
    waited=$((waited + 1))
  done
  say "ready (pid $(cat "$dir/pid"), log $dir/server.log)"
  echo "KAFKA_BROKERS=127.0.0.1:$port"
}

stop() {
  local pid waited=0
  pid="$(broker_pid)" || { say 'not running'; rm -f "$dir/pid"; return; }
  kill "$pid"
  while broker_pid >/dev/null; do
    ((waited < 100)) || kill -9 "$pid" 2>/dev/null || true
    sleep 0.2
    waited=$((waited + 1))
  done
  rm -f "$dir/pid"
  say 'stopped'
}

status() {
  local pid
  pid="$(broker_pid)" || { say 'not running'; exit 1; }
  say "running (pid $pid)"
  echo "KAFKA_BROKERS=127.0.0.1:$(broker_port)"
}

command="${1:-}"
shift || true
while (($# > 0)); do
  case "$1" in
    --dir) [[ -n "${2:-}" ]] || usage; dir="$2"; shift 2 ;;
    *) usage ;;
  esac
done
[[ -d "$dir" ]] && dir="$(cd "$dir" && pwd)"
case "$command" in
  start) start ;;
  stop) stop ;;
  status) status ;;
  *) usage ;;
esac
