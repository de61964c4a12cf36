#!/usr/bin/env bash
# An Apache Kafka (KRaft) on loopback, for the integration tests: one broker, or a cluster. Needs Java 17 and Maven; the jars
# come from Maven Central into Maven's own cache.
#
#   scripts/kafka.sh start  [--dir DIR] [--brokers N]   last line on stdout: KAFKA_BROKERS=127.0.0.1:PORT,…
#   scripts/kafka.sh status [--dir DIR]                 exit 0 when all of it runs
#   scripts/kafka.sh stop   [--dir DIR]                 keeps the data and the ports: `start` goes on from there
#
# With --brokers 3, topics have three replicas, two of which must have a record before it counts as written. --broker K of
# any of the commands is for the Kth broker alone; `kill` ends it at once, as a power cut does.
#
# DIR holds that and nothing else; default: $KAFKA_HOME_DIR, else .kafka/ in the repository. Delete it to forget.
# KAFKA_VERSION picks the release. For a new broker: KAFKA_EXTRA_PROPERTIES holds more lines for its server.properties,
# KAFKA_EXTRA_LISTENERS more listeners (SASL_PLAINTEXT://127.0.0.1:PORT,…), KAFKA_SCRAM_USER a user for SCRAM (NAME:PASSWORD).
set -euo pipefail

readonly version="${KAFKA_VERSION:-4.3.1}"
readonly ready_within_seconds=60
repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
home="${KAFKA_HOME_DIR:-$repository/.kafka}"
brokers=''
only=''
dir='' # of the broker at hand

say() { echo "kafka.sh: $*" >&2; }
fail() { say "$*"; exit 1; }
usage() { say 'usage: scripts/kafka.sh start|stop|kill|status [--dir DIR] [--brokers N] [--broker K]'; exit 2; }

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

fetch_jars() { # into Maven's cache; their paths into $home/classpath-VERSION
  [[ -s "$home/classpath-$version" ]] && return
  say "fetching Apache Kafka $version from Maven Central"
  mkdir -p "$home/jars"
  cat >"$home/jars/pom.xml" <<EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
EOF
  (cd "$home/jars" && mvn -B -q dependency:build-classpath -Dmdep.outputFile="$home/classpath.new" >&2) ||
    fail "Maven could not fetch the jars. Set KAFKA_BROKERS to a broker that runs, or use docker compose up kafka"
  mv "$home/classpath.new" "$home/classpath-$version"
}

folders() { # of the brokers, one a line: the home itself for a single one
  local count
  count="$(cat "$home/brokers" 2>/dev/null)" || count=1
  if ((count == 1)); then echo "$home"; else seq -f "$home/broker-%g" "$count"; fi
}

configure_all() { # once: how many, which ports, the cluster's id
  local folder name port ports=' ' voters='' id=0 count="${brokers:-1}"
  if [[ -s "$home/cluster" ]]; then
    [[ -z "$brokers" || "$brokers" == "$(cat "$home/brokers")" ]] || fail "$home holds $(cat "$home/brokers") brokers: delete it for another number"
  else
    echo "$count" >"$home/brokers"
    while read -r folder; do
      mkdir -p "$folder"
      for name in port controller; do
        port="$(free_port)"
        while [[ "$ports" == *" $port "* ]]; do port="$(free_port)"; done
        ports+="$port "
        echo "$port" >"$folder/$name"
      done
      id=$((id + 1))
      voters+="${voters:+,}$id@127.0.0.1:$(cat "$folder/controller")"
    done < <(folders)
    echo "$voters" >"$home/voters"
    head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=' >"$home/cluster"
  fi
  id=0
  while read -r dir; do
    id=$((id + 1))
    configure "$id" "$(cat "$home/brokers")"
  done < <(folders)
}

configure() { # once per broker: properties, storage
  [[ -s "$dir/server.properties" ]] && return
  local port controller mechanism scram=() extra="${KAFKA_EXTRA_LISTENERS:+$KAFKA_EXTRA_LISTENERS,}" id="$1" replicas=1 insync=1 patience=''
  if (($2 >= 3)); then
    replicas=3
    insync=2
    patience='broker.session.timeout.ms=6000' # how soon others lead what a broker led that was killed
  fi
  port="$(cat "$dir/port")"
  controller="$(cat "$dir/controller")"
  cat >"$dir/server.new" <<EOF
process.roles=broker,controller
node.id=$id
controller.quorum.voters=$(cat "$home/voters")
controller.listener.names=CONTROLLER
listeners=${extra}PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=${extra}PLAINTEXT://127.0.0.1:$port
log.dirs=$dir/data
num.partitions=6
auto.create.topics.enable=true
default.replication.factor=$replicas
min.insync.replicas=$insync
offsets.topic.replication.factor=$replicas
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=$replicas
transaction.state.log.min.isr=$insync
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=$replicas
share.coordinator.state.topic.min.isr=$insync
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.segment.bytes=104857600
log.cleaner.dedupe.buffer.size=8388608
$patience
${KAFKA_EXTRA_PROPERTIES:-}
EOF
  for mechanism in ${KAFKA_SCRAM_USER:+SCRAM-SHA-256 SCRAM-SHA-512}; do
    scram+=(--add-scram "$mechanism=[name=${KAFKA_SCRAM_USER%%:*},password=${KAFKA_SCRAM_USER#*:}]")
  done
  # With "=", because an id may begin with a dash.
  java_run kafka.tools.StorageTool format --cluster-id="$(cat "$home/cluster")" \
    --config "$dir/server.new" ${scram[@]+"${scram[@]}"} </dev/null >"$dir/format.log" 2>&1 || { cat "$dir/format.log" >&2; fail 'formatting the storage failed'; }
  mv "$dir/server.new" "$dir/server.properties"
}

java_run() {
  java -Xms128m -Xmx512m -Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.defaultLogLevel=info \
    -cp "$(cat "$home/classpath-$version")" "$@"
}

chosen() { # the folders that a command is for
  if [[ -n "$only" ]]; then folders | sed -n "${only}p"; else folders; fi
}

launch() { # of one broker; `await_ready` waits for it
  broker_pid >/dev/null && return
  # exec: the pid is java's own. setsid: Ctrl-C in the terminal doesn't reach it.
  (exec setsid java -Xms128m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -Dorg.slf4j.simpleLogger.showDateTime=true \
    -cp "$(cat "$home/classpath-$version")" kafka.Kafka "$dir/server.properties" </dev/null >"$dir/server.log" 2>&1) &
  echo $! >"$dir/pid"
}

await_ready() {
  local port waited=0
  port="$(broker_port)"
  until grep -q 'Kafka Server started' "$dir/server.log" && port_is_open "$port"; do
    broker_pid >/dev/null || { ((waited > 5)) && { tail -20 "$dir/server.log" >&2; fail "the broker ended, see $dir/server.log"; }; }
    ((waited < ready_within_seconds * 5)) || { tail -20 "$dir/server.log" >&2; stop; fail "not ready within $ready_within_seconds s"; }
    sleep 0.2
    waited=$((waited + 1))
  done
  say "ready (pid $(cat "$dir/pid"), log $dir/server.log)"
}

print_brokers() {
  local list=''
  while read -r dir; do list+="${list:+,}127.0.0.1:$(broker_port)"; done < <(folders)
  echo "KAFKA_BROKERS=$list"
}

start() {
  require java 'Java 17 or newer'
  require mvn 'Apache Maven'
  mkdir -p "$home"
  home="$(cd "$home" && pwd)"
  fetch_jars
  configure_all
  while read -r dir; do launch; done < <(chosen)
  while read -r dir; do await_ready; done < <(chosen)
  print_brokers
}

stop() { # all of them are told before the first is awaited: alone, the last ones would miss the others
  local signal="${1:-TERM}" pid waited
  while read -r dir; do
    if pid="$(broker_pid)"; then kill "-$signal" "$pid"; else say 'not running'; fi
  done < <(chosen)
  while read -r dir; do
    waited=0
    while pid="$(broker_pid)"; do
      ((waited < 100)) || kill -9 "$pid" 2>/dev/null || true
      sleep 0.2
      waited=$((waited + 1))
    done
    rm -f "$dir/pid"
  done < <(chosen)
  say 'stopped'
}

status() {
  while read -r dir; do broker_pid >/dev/null || { say 'not running'; exit 1; }; done < <(chosen)
  say 'running'
  print_brokers
}

command="${1:-}"
shift || true
while (($# > 0)); do
  case "$1" in
    --dir) [[ -n "${2:-}" ]] || usage; home="$2"; shift 2 ;;
    --brokers) [[ "${2:-}" =~ ^[1-9]$ ]] || usage; brokers="$2"; shift 2 ;;
    --broker) [[ "${2:-}" =~ ^[1-9]$ ]] || usage; only="$2"; shift 2 ;;
    *) usage ;;
  esac
done
[[ -d "$home" ]] && home="$(cd "$home" && pwd)"
case "$command" in
  start) start ;;
  stop) stop ;;
  kill) stop KILL ;;
  status) status ;;
  *) usage ;;
esac
