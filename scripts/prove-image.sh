#!/usr/bin/env bash
# Does what the Dockerfile does, without a container engine: the same files, the same commands, in a clean folder, on
# the pinned Node; then runs the result as the image would be run, and stops it as an orchestrator would.
#
#   scripts/prove-image.sh            from a file of example events to the sandbox
#   KAFKA_BROKERS=… KAFKA_TOPICS=… scripts/prove-image.sh      from these topics to the sandbox
#
# Needs `npm ci` in the repository. Exit 0: everything held. The folder is kept when something did not.
set -euo pipefail

readonly wait_seconds=30
repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
pinned_node="$repository/node_modules/node/bin"
folder="$(mktemp -d)"
context="$folder/context" build="$folder/build" image="$folder/app" data="$folder/data"
started=()

say() { echo "prove-image: $*"; }
fail() {
  say "FAILED: $*"
  tail -n 20 "$folder"/*.log 2>/dev/null || true
  exit 1
}

finish() {
  local status=$?
  for pid in "${started[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  if [ "$status" -eq 0 ]; then rm -rf "$folder"; else say "kept: $folder"; fi
}
trap finish EXIT

[ -x "$pinned_node/node" ] || fail "node_modules/node/bin/node is missing: run npm ci in $repository"
# npm runs on the first node of PATH; the system's may be older than the product allows.
export PATH="$pinned_node:$PATH"

make_context() { # what .dockerignore lets through
  mkdir -p "$context"
  local names
  mapfile -t names < <(sed -n 's/^!//p' "$repository/.dockerignore")
  tar -C "$repository" -cf - "${names[@]}" | tar -C "$context" -xf -
}

make_build() { # the stage "build"
  mkdir -p "$build"
  cp -R "$context"/. "$build"
  (cd "$build" && npm ci --no-audit --no-fund && npm run build) >"$folder/build.log" 2>&1 || fail 'npm ci or the build'
}

make_image() { # the stage "dependencies" and the last one
  mkdir -p "$image"
  cp "$context"/package.json "$context"/package-lock.json "$image"
  (cd "$image" && npm ci --omit=dev --no-audit --no-fund) >"$folder/dependencies.log" 2>&1 || fail 'npm ci --omit=dev'
  cp -R "$build/dist" "$image/dist"
  cp -R "$context"/bin "$context"/schema "$context"/mappings "$image"
  # The image brings its Node; here it is a copy that any user may run.
  cp "$pinned_node/node" "$folder/node"
}

as_other_user=()
leave_root() { # the image's user owns nothing in /app
  mkdir -p "$data"
  chmod 755 "$folder"
  [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null || return 0
  as_other_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown 65534:65534 "$data"
}

# start NAME VARIABLE=… -- ARGUMENTS: runs the image's entry point with just these variables; its pid goes to $last_pid
start() {
  local name=$1 variables=()
  shift
  while [ "$1" != -- ]; do variables+=("$1"); shift; done
  shift
  (
    cd "$image"
    exec env -i NODE_ENV=production HOME="$data" "${variables[@]}" "${as_other_user[@]}" \
      "$folder/node" bin/meta-actions.js "$@"
  ) >"$folder/$name.log" 2>&1 &
  last_pid=$!
  started+=("$last_pid")
}

# printed NAME EXPRESSION: waits until the log has it, and prints the first group
printed() {
  local found
  for ((tries = 0; tries < wait_seconds * 5; tries++)); do
    found="$(sed -nE "s#.*$2.*#\\1#p" "$folder/$1.log" | head -n 1)"
    [ -n "$found" ] && echo "$found" && return
    sleep 0.2
  done
  return 1
}

get() { "$folder/node" -e 'fetch(process.argv[1]).then(async (a) => { console.log(await a.text()); process.exit(a.ok ? 0 : 1) }, () => process.exit(1))' "$1"; }

answers() {
  for ((tries = 0; tries < wait_seconds * 2; tries++)); do
    get "$1" >/dev/null && return
    sleep 0.5
  done
  return 1
}

# ends PID STATUS: waits for the process, and compares how it ended
ends() {
  for ((tries = 0; tries < wait_seconds * 5; tries++)); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.2
  done
  kill -0 "$1" 2>/dev/null && return 1
  local status=0
  wait "$1" || status=$?
  [ "$status" -eq "$2" ]
}

health_check() { # the very command of the Dockerfile
  local script
  script="$(sed -nE 's/^  CMD \["node", "-e", "(.*)"\]$/\1/p' "$repository/Dockerfile")"
  [ -n "$script" ] || fail "the Dockerfile's health check was not found"
  OPS_PORT="$1" "$folder/node" -e "$script"
}

write_events() {
  for name in page-from-an-ad order-completed signed-up order-without-currency; do
    "$folder/node" -p 'JSON.stringify(JSON.parse(require("fs").readFileSync(0, "utf8")))' \
      <"$repository/examples/events/$name.json"
  done >"$data/events.ndjson"
}

run_once() { # every example event ends where it must
  start once META_GRAPH_URL="$sandbox" META_ACCESS_TOKEN=sandbox-token OPS_PORT=0 -- \
    run --source "file:$data/events.ndjson" --dead-letters "file:$data/dead-letters.ndjson" --once
  ends "$last_pid" 0 || fail 'run --once did not exit with 0'
  [ "$(wc -l <"$data/dead-letters.ndjson")" -eq 1 ] || fail 'run --once: expected exactly one dead letter'
  local received
  received="$(get "$sandbox/_sandbox/requests")" || fail 'the sandbox does not list what it received'
  for id in example-page-1 example-order-1 example-sign-up-1; do
    grep -q "$id" <<<"$received" || fail "the sandbox did not receive $id"
  done
}

run_until_stopped() { # ready, healthy, and gone at SIGTERM
  local variables=(META_GRAPH_URL="$sandbox" META_ACCESS_TOKEN=sandbox-token OPS_PORT=0) arguments=()
  if [ -n "${KAFKA_BROKERS:-}" ]; then
    variables+=(KAFKA_BROKERS="$KAFKA_BROKERS" KAFKA_TOPICS="${KAFKA_TOPICS:?}" KAFKA_GROUP_ID="${KAFKA_GROUP_ID:-prove-image}")
  else
    arguments=(--source "file:$data/events.ndjson" --dead-letters "file:$data/dead-letters.ndjson")
  fi
  start connector "${variables[@]}" -- run "${arguments[@]}"
  local pid=$last_pid ops
  ops="$(printed connector '"ops":"(http://[^/"]+)"')" || fail 'the connector did not start'
  answers "$ops/readyz" || fail 'the connector did not become ready'
  health_check "${ops##*:}" || fail 'the health check of a ready connector failed'
  kill -TERM "$pid"
  ends "$pid" 0 || fail 'the connector did not exit with 0 after SIGTERM'
  if health_check "${ops##*:}"; then fail 'the health check of a stopped connector succeeded'; fi
}

say "clean folder $folder, Node $(node --version)"
make_context
make_build
say 'built'
make_image
say "runtime folder: $(du -sh "$image" | cut -f1), without development dependencies"
leave_root
start sandbox -- sandbox --port 0
sandbox_pid=$last_pid
sandbox="$(printed sandbox 'sandbox: (http://[^ ]+)')" || fail 'the sandbox did not start'
answers "$sandbox/_sandbox/requests" || fail 'the sandbox does not answer'
say "sandbox at $sandbox"
write_events
run_once
say 'run --once: delivered, one dead letter, exit 0'
run_until_stopped
say 'run: ready, healthy, exit 0 after SIGTERM'
kill -TERM "$sandbox_pid"
ends "$sandbox_pid" 0 || fail 'the sandbox did not exit with 0 after SIGTERM'
say 'everything held; the image itself was not built'
