#!/usr/bin/env bash
# A schema registry for tests: Apicurio Registry from Maven Central, in memory, on loopback.
#
#   scripts/registry.sh start    fetches it once (Java 17 and Maven are needed), starts it, and prints its address
#   scripts/registry.sh stop     ends the one that was started
#
# PORT=8181 by default; everything lies under ${XDG_CACHE_HOME:-~/.cache}/meta-actions/registry. Confluent's API is
# under /apis/ccompat/v7: SCHEMA_REGISTRY_URL="$(scripts/registry.sh start)".
set -euo pipefail

version=2.6.13.Final
port="${PORT:-8181}"
home="${XDG_CACHE_HOME:-$HOME/.cache}/meta-actions/registry"
folder="$home/$version"
jar="apicurio-registry-app-$version-runner.jar"
pid_file="$home/$port.pid"
url="http://127.0.0.1:$port/apis/ccompat/v7"

usage() { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }

answers() { curl --noproxy '*' --silent --fail --max-time 2 --output /dev/null "$url/subjects"; }

fetch_once() {
  [ -f "$folder/$jar" ] && return 0
  local artifact="io.apicurio:apicurio-registry-app:$version:tar.gz:all"
  mkdir -p "$folder"
  mvn --quiet --batch-mode dependency:copy "-Dartifact=$artifact" "-DoutputDirectory=$folder" >&2
  tar -xzf "$folder/apicurio-registry-app-$version-all.tar.gz" -C "$folder"
  rm "$folder/apicurio-registry-app-$version-all.tar.gz"
}

start() {
  if answers; then echo "$url"; return 0; fi
  fetch_once
  cd "$folder"
  QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT="$port" nohup java -Xmx300m -jar "$jar" >"$home/$port.log" 2>&1 </dev/null &
  echo $! >"$pid_file"
  for ((second = 0; second < 120; second++)); do
    if answers; then echo "$url"; return 0; fi
    kill -0 "$(cat "$pid_file")" 2>/dev/null || break
    sleep 1
  done
  echo "the registry did not start; see $home/$port.log" >&2
  exit 1
}

stop() {
  [ -f "$pid_file" ] || return 0
  kill "$(cat "$pid_file")" 2>/dev/null || true
  rm -f "$pid_file"
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  *) usage ;;
esac
