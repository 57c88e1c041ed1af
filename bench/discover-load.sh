#!/usr/bin/env bash
# How kmcast discover-source holds up beside tcpdump -w /dev/null, in turn, with the same filter and buffer: 100-byte datagrams as fast
# as this machine can send them through a veth, and less; then its memory over a minute at that rate, and of a million forged sources.
#   bench/discover-load.sh [rates] [memory] [forged]          all when none is named. Needs root, gcc and tcpdump
# Exit status 1 when kmcast dropped more than tcpdump, did not account for a datagram, or its memory grew by more than an eighth.
# Rates are taken without a membership, and with one: the kernel's own work for a member halves what can be sent.
set -euo pipefail
failed=0
fail() { echo "FAILED: $*"; failed=1; }
cd "$(dirname "$0")/.."
work=$(mktemp -d)
tx=kmlt$$ rx=kmlr$$
trap 'ip netns del $tx 2>/dev/null; ip netns del $rx 2>/dev/null; rm -rf "$work"' EXIT
gcc -O2 -o "$work/send" bench/discover-load.c
ip netns add $tx; ip netns add $rx
ip -n $tx link add v0 type veth peer name v1 netns $rx
ip -n $tx addr add 10.77.0.1/24 dev v0; ip -n $rx addr add 10.77.0.2/24 dev v1
ip -n $tx link set v0 gso_max_segs 1 up; ip -n $rx link set v1 up
sleep 2
group=239.1.2.3 kmcast=${KMCAST_BIN:-bin/kmcast.js}
mld='(ip6[6] = 0 and ip6[40] = 58 and (ip6[48] = 130 or ip6[48] = 131 or ip6[48] = 132 or ip6[48] = 143))'
filter="dst net $group/32 or igmp or $mld"
send() { ip netns exec $tx "$work/send" $group 5007 v0 "$@"; }       # SECONDS RATE SIZE SOURCES
found() { node -p "const d = JSON.parse(require('fs').readFileSync('$work/json')), n = d.sources.reduce((n, s) => n + s.packets, 0); $1"; }

with_tcpdump() {
  ip netns exec $rx tcpdump -n -p -i v1 -B 32768 -w /dev/null "$filter" 2>"$work/tcpdump" & local pid=$!
  sleep 1.5; sent=$(send "$@"); sleep 0.5; kill -INT $pid; wait $pid || true
  counted=$(awk '/packets captured/{print $1}' "$work/tcpdump") lost=$(awk '/dropped by kernel/{print $1}' "$work/tcpdump")
}
# In a terminal, so that the live table runs.
with_kmcast() {
  local seconds=$1
  script -qec "ip netns exec $rx node $kmcast discover-source $group --no-join -i v1 --for $((seconds + 3))s -o json >$work/json" /dev/null >"$work/tty" & local pid=$!
  sleep 1.5; sent=$(send "$@"); wait $pid || true
  counted=$(found n) lost=$(found 'd.places[0].lost')
}
compare() {                                                             # SECONDS RATE
  local packets per_second tool dropped=0
  for tool in tcpdump kmcast; do
    with_$tool "$@" 100 0
    read -r packets per_second <<<"$sent"
    printf '%-8s sent %8d at %7d/s   counted %8d   dropped %7d\n' $tool "$packets" "$per_second" "$counted" "$lost"
    [[ $tool == kmcast ]] || { dropped=$lost; continue; }
    [[ $lost -le $dropped ]] || fail "kmcast dropped $lost, tcpdump $dropped"
    # What it lost may be IGMP or MLD.
    [[ $((counted + lost)) -ge $packets && $((counted + lost)) -le $((packets + 10)) ]] || fail "of $packets sent, kmcast tells of $((counted + lost))"
  done
}
rates() {
  echo 'no member of the group:'
  for _ in 1 2 3; do compare "${SECONDS_EACH:-5}" 0; done
  ip -n $rx addr add $group/32 dev v1 autojoin
  echo 'a member of the group:'
  for rate in 0 300000; do compare "${SECONDS_EACH:-5}" $rate; done
  ip -n $rx addr del $group/32 dev v1
}
# Kilobytes of kmcast and its capturing process, every 10 seconds.
watch_memory() {                                                        # RATE SOURCES
  ip netns exec $rx node $kmcast discover-source $group --no-join -i v1 --for 66s -o json >"$work/json" 2>/dev/null & local pid=$!
  sleep 1.5; send 61 "$1" 100 "$2" >"$work/sent" & local sender=$!
  local at=0 now first
  for at in 10 20 30 40 50 60; do
    sleep 10
    now=$(ps -o rss= -p "$pid" --ppid "$pid" | awk '{sum += $1} END {print sum}')
    printf '  %2d s: %d KiB\n' $at "$now"
    first=${first:-$now}
  done
  [[ $now -le $((first * 9 / 8)) ]] || fail "memory grew from $first to $now KiB"
  wait $sender; wait $pid || true
  echo "  sent $(cat "$work/sent")/s, $(found '`counted ${n + d.overflow.packets} in ${d.sources.length} rows and ${d.overflow.rows} without, lost ${d.places[0].lost}`')"
}
memory() { echo 'memory, at the highest rate:'; watch_memory 0 0; }
forged() { echo 'memory, 50,000 packets/s from 1,000,000 forged sources:'; watch_memory 50000 1000000; }

for part in ${*:-rates memory forged}; do $part; done
exit $failed
