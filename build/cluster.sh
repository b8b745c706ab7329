#!/usr/bin/env bash
# ./run cluster: a cluster of separate processes on this machine, for trying and for drills. Called by ./run, which has built the program.
#   --silos N            silos, 2 to 9 (3)
#   --port N             the first silo's HTTP port, the next ones follow (8080)
#   --postgres STRING    a database as Npgsql knows it; otherwise a throw-away server of its own
#   --api                one more process with the API alone, on the port after the silos'
#   --drill [OPTIONS]    rehearse with OPTIONS against all silos while silos are killed, stopped and frozen, PostgreSQL crashes and stands still, and the power fails; then end
set -euo pipefail
dll=$1; shift
say() { printf '%s\n' "$*" >&2; }
fail() { say "cluster: $*"; exit 1; }

silos=3 port=8080 postgres="" api="" drill="" rehearse=()
while [ $# -gt 0 ]; do
  case $1 in
    --silos) silos=${2:-}; shift 2 ;;
    --port) port=${2:-}; shift 2 ;;
    --postgres) postgres=${2:-}; shift 2 ;;
    --api) api=1; shift ;;
    --drill) drill=1; shift; rehearse=("$@"); break ;;
    --help|-h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "unknown option $1 (--silos N, --port N, --postgres STRING, --api, --drill [rehearse options])" ;;
  esac
done
[[ $silos =~ ^[2-9]$ ]] || fail "--silos $silos: must be 2 to 9"
[[ $port =~ ^[0-9]{2,5}$ ]] || fail "--port $port: must be a port"

folder=$(mktemp -d "${TMPDIR:-/tmp}/socialcommerce-cluster.XXXXXX")
declare -A pids
pg_bin="" pg_port=$((port + 40))

as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
pg() { (cd / && as_postgres "$pg_bin/pg_ctl" -D "$folder/pg" -w "$@" >/dev/null); }
signal_postgres() { local server; server=$(head -n 1 "$folder/pg/postmaster.pid"); kill "-$1" "$server" $(pgrep -P "$server"); }
start_postgres() { pg start -l "$folder/pg.log" -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"; }

stop_all() {
  trap - EXIT INT TERM
  for name in "${!pids[@]}"; do kill -TERM "${pids[$name]}" 2>/dev/null || true; done
  for name in "${!pids[@]}"; do wait "${pids[$name]}" 2>/dev/null || true; done
  [ -z "$pg_bin" ] || { signal_postgres CONT || true; pg stop -m fast || true; } 2>/dev/null
  if [ -n "${keep:-}" ]; then say "logs are in $folder"; else rm -rf "$folder"; fi
}
trap stop_all EXIT
trap 'exit 130' INT TERM

if [ -z "$postgres" ]; then
  for each in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null || true)"; do [ -x "$each/initdb" ] && pg_bin=$each; done
  [ -n "$pg_bin" ] || fail "no PostgreSQL server is installed here; name one with --postgres"
  [ "$(id -u)" != 0 ] || chown postgres "$folder"
  (cd / && as_postgres "$pg_bin/initdb" -D "$folder/pg" -U postgres -A trust -E UTF8 --locale=C --no-instructions >/dev/null)
  start_postgres
  postgres="Host=127.0.0.1;Port=$pg_port;Database=postgres;Username=postgres"
fi

export Cluster__ConnectionString=$postgres
export Cluster__DrainSeconds="${Cluster__DrainSeconds:-2}"
export Engine__ShareKey="${Engine__ShareKey:-$(head -c 32 /dev/urandom | base64)}"
dotnet "$dll" db migrate >&2

moved=0
start_silo() { # number, further options
  local i=$1; shift
  dotnet "$dll" silo --port $((port + i - 1)) --silo-port $((11110 + i + port - 8080 + moved)) --gateway-port $((29999 + i + port - 8080 + moved)) "$@" >>"$folder/silo$i.log" 2>&1 &
  pids[silo$i]=$!
}
ready() { # name, port
  for _ in $(seq 600); do
    curl -fs -o /dev/null "http://127.0.0.1:$2/health/ready" && return 0
    kill -0 "${pids[$1]}" 2>/dev/null || { tail -n 20 "$folder/$1.log" >&2; fail "$1 ended"; }
    sleep 0.2
  done
  fail "$1 is not ready after two minutes; $folder/$1.log"
}

wait_gone() { # seconds, pid
  for _ in $(seq $(($1 * 5))); do kill -0 "$2" 2>/dev/null || return 0; sleep 0.2; done
  return 1
}

urls=()
for i in $(seq "$silos"); do start_silo "$i" $([ "$i" = 1 ] && echo --demo); urls+=("http://localhost:$((port + i - 1))"); done
for i in $(seq "$silos"); do ready "silo$i" $((port + i - 1)); done
if [ -n "$api" ]; then
  dotnet "$dll" api --port $((port + silos)) >>"$folder/api.log" 2>&1 &
  pids[api]=$!
  ready api $((port + silos))
  urls+=("http://localhost:$((port + silos))")
fi
all=$(IFS=,; echo "${urls[*]}")
say "$silos silos${api:+ and an API process} serve at ${urls[*]}"
say "PostgreSQL: $postgres; logs in $folder"

if [ -z "$drill" ]; then
  say "Ctrl+C stops all. From another window: ./run rehearse --url $all"
  wait
  exit 0
fi

# The drill: 48 bargains, whose grains live on all silos, tell when everything answers again.
probes=48 round=0
curl_dev() { curl -s -H 'X-Api-Key: dev' -H 'Content-Type: application/json' "$@"; }
curl_dev -o /dev/null -X PUT "${urls[0]}/v1/campaigns/drill-probe" -d '{"kind":"bargain","product":{"id":"drill-probe","title":"Probe"},"endsAt":"2099-01-01T00:00:00Z","stock":1000,"listPriceFen":100000,"cut":{"policy":"headcount","helpers":100}}'
sleep 1
bargains=()
for i in $(seq $probes); do
  bargains+=("$(curl_dev -X POST "${urls[0]}/v1/campaigns/drill-probe/bargains" -H "X-User-Id: probe-$i" | sed 's/.*"bargainId":"\([^"]*\)".*/\1/')")
done
all_answer() { # what happened, at which silo's door to ask
  local from=$EPOCHREALTIME waits=() i
  round=$((round + 1))
  for i in $(seq 0 $((probes - 1))); do
    curl_dev -o /dev/null -f --max-time 60 --retry 600 --retry-delay 1 --retry-all-errors --retry-max-time 120 -X POST \
      "http://localhost:$((port + $2 - 1))/v1/bargains/${bargains[$i]}/cuts" -H "X-User-Id: probe-$round-$i" & waits+=($!)
  done
  local missing=0
  for i in "${waits[@]}"; do wait "$i" || missing=$((missing + 1)); done
  awk -v a="$from" -v b="$EPOCHREALTIME" -v n=$probes -v m=$missing -v w="$1" 'BEGIN { printf "drill: %s: %d of %d bargains took a cut again; the last after %.1f s\n", w, n - m, n, b - a }'
  [ "$missing" = 0 ]
}

all_answer "before anything" 1
# As long as all that follows, unless told otherwise.
dotnet "$dll" rehearse --url "$all" --record "$folder/record.jsonl" --patience 120 --seconds 240 "${rehearse[@]}" & play=$!
outcome=0
sleep 8
say "drill: kill -9 silo 2"
kill -9 "${pids[silo2]}"
all_answer "silo 2 killed" 1 || outcome=1
start_silo 2; ready silo2 $((port + 1))
all_answer "silo 2 is back" 2 || outcome=1
sleep 3
if [ "$silos" -gt 2 ]; then
  say "drill: SIGTERM silo 3"
  kill -TERM "${pids[silo3]}"; from=$EPOCHREALTIME; wait "${pids[silo3]}" || { say "drill: silo 3 ended with $?"; outcome=1; }
  all_answer "silo 3 stopped (it took $(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }') s to end)" 1 || outcome=1
  start_silo 3; ready silo3 $((port + 2))
  sleep 3
fi
say "drill: silo 2 is frozen"
kill -STOP "${pids[silo2]}"
all_answer "silo 2 frozen" 1 || outcome=1
sleep 5
kill -CONT "${pids[silo2]}"
all_answer "silo 2 woken" 1 || outcome=1
# Declared dead by the others, it ends; whoever runs it starts it again.
if wait_gone 30 "${pids[silo2]}"; then say "drill: silo 2 has ended, as the others declared it dead"; start_silo 2; ready silo2 $((port + 1)); fi
if [ -n "$pg_bin" ]; then
  say "drill: PostgreSQL stopped with -m immediate and started again"
  pg stop -m immediate; start_postgres
  all_answer "PostgreSQL is back" 1 || outcome=1
  sleep 3
  say "drill: PostgreSQL stands still for 40 s"
  signal_postgres STOP; sleep 40; signal_postgres CONT
  all_answer "PostgreSQL goes on" 1 || outcome=1
  for name in "${!pids[@]}"; do kill -0 "${pids[$name]}" 2>/dev/null || { say "drill: $name has ended with it"; outcome=1; }; done
fi
# As where the power fails and all come back with other addresses: nobody is left who could declare the old ones dead.
say "drill: kill -9 of all silos at once; new ones start at other addresses"
for i in $(seq "$silos"); do kill -9 "${pids[silo$i]}"; done
moved=20
for i in $(seq "$silos"); do start_silo "$i"; done
all_answer "all silos killed" $((silos + ${api:-0})) || outcome=1
say "drill: the play goes on to its end and its audit"
wait $play || outcome=1
[ $outcome = 0 ] || keep=1
exit $outcome
