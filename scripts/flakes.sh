#!/usr/bin/env bash
# Runs a suite again and again on a busy machine, and prints every test that failed, with how often. Nothing is retried.
#
#   scripts/flakes.sh 10                          npm test
#   scripts/flakes.sh 5 test:all                  another script of package.json that runs vitest: test:all, test:kafka
#   scripts/flakes.sh 50 test/faults test/cli     files or folders
#   LOAD=2 scripts/flakes.sh 10                   so many processes beside it (4; 0: none)
#
# The load is stress-ng where it is installed, else loops of the shell. Exit 0: every run passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[[ "${1:-}" =~ ^[1-9][0-9]*$ ]] || usage
runs=$1
shift
suites=("$@")
[ "${#suites[@]}" -gt 0 ] || suites=(test)
load="${LOAD:-4}"
reports="$(mktemp -d)"
loading=()

finish() {
  for pid in ${loading[@]+"${loading[@]}"}; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$reports"
}
trap finish EXIT

start_load() {
  [ "$load" -gt 0 ] || return 0
  if command -v stress-ng >/dev/null; then
    stress-ng --cpu "$load" --quiet >/dev/null 2>&1 &
    loading+=($!)
  else
    for ((one = 0; one < load; one++)); do
      (while :; do :; done) &
      loading+=($!)
    done
  fi
}

run_suite() { # its report goes to $1, what it says to $2
  local report=(--reporter=json --outputFile="$1")
  case "${suites[0]}" in
    test | test:*) npm run "${suites[0]}" -- "${report[@]}" "${suites[@]:1}" ;;
    *) npx vitest run "${report[@]}" "${suites[@]}" ;;
  esac >"$2" 2>&1
}

start_load
passed=0
for ((run = 1; run <= runs; run++)); do
  began=$SECONDS
  if run_suite "$reports/$run.json" "$reports/$run.log"; then
    passed=$((passed + 1))
    verdict=passed
  else
    verdict=FAILED
    [ -s "$reports/$run.json" ] || tail -n 20 "$reports/$run.log"
  fi
  echo "flakes: run $run of $runs $verdict ($((SECONDS - began)) s)"
done
npx node scripts/flakes-report.ts "$runs" "$reports"
echo "flakes: $passed of $runs runs passed beside a load of $load"
[ "$passed" -eq "$runs" ]
