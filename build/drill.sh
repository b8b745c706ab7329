#!/usr/bin/env bash
# ./run drill: the long run of faults for one process. Called by ./run, which has built the program. A rehearsal plays against `serve` while it is killed and
# frozen again and again, on SQLite and on PostgreSQL, whose server is crashed and whose connections are cut as well; after every play its audit reads all back.
# Ends non-zero when a promise was broken.
#   --kills N            kill -9 of the engine under load, half of them on each store (50)
#   --freezes N          the engine stands still for 1 to 10 s (SIGSTOP, SIGCONT) under load, half of them on each store (10)
#   --stops N            crashes of PostgreSQL (pg_ctl stop -m immediate) under load (20)
#   --cuts N             all connections to PostgreSQL cut at once (pg_terminate_backend) under load (10)
#   --stalls N           PostgreSQL stands still for 5 to 45 s (SIGSTOP, SIGCONT) under load (3)
#   --store STORE        sqlite or postgres alone
#   --seconds N          how long one play is killed at before it may end and be audited (45)
#   --port N             the engine's HTTP port (8080); PostgreSQL gets the one 40 above
#   [rehearse options]   anything else is the rehearsal's, such as --shoppers (2000) or --graph
set -euo pipefail
dll=$1; shift
say() { printf '%s\n' "$*" >&2; }
fail() { say "drill: $*"; exit 2; }

declare -A wanted=([kill]=50 [freeze]=10 [stop]=20 [cut]=10 [stall]=3)
seconds=45 port=8080 stores="sqlite postgres" rehearse=(--shoppers 2000)
while [ $# -gt 0 ]; do
  case $1 in --kills|--freezes|--stops|--cuts|--stalls|--seconds|--port|--store) [ $# -gt 1 ] || fail "$1 needs a value" ;; esac
  case $1 in
    --kills|--freezes|--stops|--cuts|--stalls) kind=${1#--}; wanted[${kind%s}]=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    --store) stores=$2; shift 2 ;;
    # The rehearsal's own help would be played for ever.
    --help|-h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) rehearse+=("$1"); shift ;;
  esac
done
faults=()
for kind in "${!wanted[@]}"; do [[ ${wanted[$kind]} =~ ^[0-9]{1,6}$ ]] || faults+=("--${kind}s ${wanted[$kind]}: must be a whole number"); done
[[ $seconds =~ ^[1-9][0-9]{0,4}$ ]] || faults+=("--seconds $seconds: must be a whole number from 1")
[[ $port =~ ^[0-9]{2,5}$ ]] || faults+=("--port $port: must be a port")
[[ $stores = "sqlite postgres" || $stores = sqlite || $stores = postgres ]] || faults+=("--store $stores: must be sqlite or postgres")
[ ${#faults[@]} = 0 ] || fail "$(IFS=';'; echo "${faults[*]}")"

folder=$(mktemp -d "${TMPDIR:-/tmp}/socialcommerce-drill.XXXXXX")
engine="" play="" pg_bin="" pg_port=$((port + 40)) keep=""
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
pg() { (cd / && as_postgres "$pg_bin/pg_ctl" -D "$folder/pg" -w "$@" >/dev/null); }
start_postgres() { pg start -l "$folder/pg.log" -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"; }
signal_postgres() { local server; server=$(head -n 1 "$folder/pg/postmaster.pid"); kill "-$1" "$server" $(pgrep -P "$server"); }
end_all() {
  trap - EXIT INT TERM
  for pid in $play $engine; do kill -9 "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  [ ! -d "$folder/pg" ] || { signal_postgres CONT || true; pg stop -m immediate || true; } 2>/dev/null
  if [ -n "$keep" ]; then say "logs and data are in $folder"; else rm -rf "$folder"; fi
}
trap end_all EXIT
trap 'exit 130' INT TERM

start_engine() { # store
  local options=(serve --port "$port" --data "$folder/$1")
  [ "$1" = sqlite ] || options+=(--postgres "Host=127.0.0.1;Port=$pg_port;Database=postgres;Username=postgres")
  dotnet "$dll" "${options[@]}" >>"$folder/$1.log" 2>&1 & engine=$!
  for _ in $(seq 600); do
    curl -fs -o /dev/null "http://127.0.0.1:$port/health/ready" && return 0
    kill -0 "$engine" 2>/dev/null || { keep=1; tail -n 20 "$folder/$1.log" >&2; fail "the engine ended by itself"; }
    # Another process tells nobody that it is ready.
    sleep 0.1
  done
  keep=1
  fail "the engine is not ready after a minute; $folder/$1.log"
}
kill_engine() { kill -9 "$engine"; wait "$engine" 2>/dev/null || true; engine=""; }
# Up to three seconds after it was ready: code is still compiled then. A start itself is not interrupted.
breathe() { sleep "$((RANDOM % 3)).$((RANDOM % 10))"; }

do_fault() { # kind, store
  case $1 in
    kill) kill_engine; start_engine "$2" ;;
    freeze) kill -STOP "$engine"; sleep "$((RANDOM % 10 + 1))"; kill -CONT "$engine" ;;
    stop) pg stop -m immediate; start_postgres ;;
    cut) "$pg_bin/psql" -q -h 127.0.0.1 -p "$pg_port" -U postgres -o /dev/null \
      -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" ;;
    # A command gives up after half a minute; some of these are longer.
    stall) signal_postgres STOP; sleep "$((RANDOM % 41 + 5))"; signal_postgres CONT ;;
  esac
}
# Evenly: the kind that is furthest behind. Empty when all were done.
next_fault() {
  local kind next=""
  for kind in kill freeze stop cut stall; do
    [ "${did[$kind]}" -lt "${planned[$kind]}" ] || continue
    [ -n "$next" ] && [ $((${did[$kind]} * ${planned[$next]})) -ge $((${did[$next]} * ${planned[$kind]})) ] || next=$kind
  done
  echo "$next"
}

outcome=0
declare -A planned did
drill_store() { # store; what is planned for it
  local store=$1 plays=0 began kind told
  did=([kill]=0 [freeze]=0 [stop]=0 [cut]=0 [stall]=0)
  start_engine "$store"
  while [ -n "$(next_fault)" ]; do
    plays=$((plays + 1)) began=$SECONDS
    dotnet "$dll" rehearse --url "http://localhost:$port" --seconds "$seconds" --seed "$plays" --patience 120 --record "$folder/$store-$plays.jsonl" \
      "${rehearse[@]}" >"$folder/$store-$plays.txt" 2>&1 & play=$!
    # The play has to start its own runtime before there is any load.
    sleep 1
    while [ $((SECONDS - began)) -lt "$seconds" ] && kind=$(next_fault) && [ -n "$kind" ] && kill -0 "$play" 2>/dev/null; do
      breathe
      do_fault "$kind" "$store"
      did[$kind]=$((${did[$kind]} + 1))
    done
    local result=0
    wait "$play" || result=$?
    play="" told=""
    for kind in kill freeze stop cut stall; do [ "${planned[$kind]}" = 0 ] || told+="${did[$kind]} of ${planned[$kind]} ${kind}s, "; done
    say "drill: $store, play $plays: ${told%, } so far; $(grep -h '^AUDIT' "$folder/$store-$plays.txt" | tail -n 1)"
    if [ "$result" != 0 ]; then cat "$folder/$store-$plays.txt" >&2; keep=1 outcome=1; return; fi
  done
  kill_engine
}
# What is planned for a store that shares the engine's faults with another one.
half() { if [ "$stores" = "$1" ]; then echo "$2"; elif [ "$1" = sqlite ]; then echo $(($2 / 2)); else echo $(($2 - $2 / 2)); fi; }

for store in $stores; do
  planned=([kill]=$(half "$store" "${wanted[kill]}") [freeze]=$(half "$store" "${wanted[freeze]}") [stop]=0 [cut]=0 [stall]=0)
  if [ "$store" = postgres ]; then
    planned[stop]=${wanted[stop]} planned[cut]=${wanted[cut]} planned[stall]=${wanted[stall]}
    for each in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null || true)"; do [ -x "$each/initdb" ] && pg_bin=$each; done
    [ -n "$pg_bin" ] || fail "no PostgreSQL server is installed here; --store sqlite does without"
    [ "$(id -u)" != 0 ] || chown postgres "$folder"
    (cd / && as_postgres "$pg_bin/initdb" -D "$folder/pg" -U postgres -A trust -E UTF8 --locale=C --no-instructions >/dev/null)
    start_postgres
  fi
  drill_store "$store"
  [ "$outcome" = 0 ] || break
done
exit $outcome
