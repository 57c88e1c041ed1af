#!/usr/bin/env bash
# Times a diagnosis against a prepared script of kubectl commands that gathers the same facts one by one, in the same run: bench/diagnosis.sh [ROUNDS]
# Needs KUBECONFIG of a test cluster, and a pod NAMESPACE/POD on node NODE that receives GROUP:PORT on IFNAME while the stream runs.
#   NAMESPACE=video POD=rx NODE=node1 GROUP=239.1.2.3 PORT=5007 IFNAME=net1 PARENT=eth1 IMAGE=localhost/netdebug:1 bench/diagnosis.sh 5
set -uo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
: "${NAMESPACE:?}" "${POD:?}" "${NODE:?}" "${GROUP:?}" "${PORT:?}"
IFNAME=${IFNAME:-net1} PARENT=${PARENT:-eth1} IMAGE=${IMAGE:-localhost/netdebug:1}
k() { kubectl -n "$NAMESPACE" "$@"; }
in_pod() { k exec "$POD" -- sh -c "$1"; }
script() {
  k get pod "$POD" -o json
  k get net-attach-def -o json
  in_pod 'cat /proc/net/igmp /proc/net/mcfilter'
  in_pod 'cat /proc/net/dev_mcast'
  in_pod 'cat /proc/net/udp'
  in_pod 'cat /proc/net/route /proc/net/fib_trie'
  in_pod 'cat /proc/net/snmp /proc/net/netstat'
  in_pod 'cat /proc/sys/net/ipv4/conf/*/rp_filter'
  in_pod 'cat /sys/class/net/*/flags /sys/class/net/*/operstate'
  k run bench-node --image="$IMAGE" --image-pull-policy=Never --restart=Never \
    --overrides='{"spec":{"nodeName":"'"$NODE"'","hostNetwork":true,"hostPID":true,"terminationGracePeriodSeconds":0,"containers":[{"name":"bench-node","image":"'"$IMAGE"'","imagePullPolicy":"Never","command":["sleep","120"],"securityContext":{"privileged":true}}]}}'
  k wait --for=condition=Ready pod/bench-node --timeout=30s
  id=$(k get pod "$POD" -o jsonpath='{.status.containerStatuses[0].containerID}')
  on_node() { k exec bench-node -- sh -c "$1"; }
  pid="\$(grep -l ${id##*/} /proc/[0-9]*/cgroup | head -n 1 | tr -dc 0-9)"
  on_node "timeout 3 nsenter -t $pid -n tcpdump -ni $IFNAME -c 5 dst host $GROUP"
  on_node "timeout 3 tcpdump -ni $PARENT -c 5 dst host $GROUP"
  on_node "nsenter -t $pid -n chroot /proc/1/root iptables-save -c; nsenter -t $pid -n ip -d link"
  in_pod 'cat /proc/net/snmp /proc/net/netstat'
  k delete pod bench-node --grace-period=0 --force --wait
}
now() { date +%s.%N; }
for ((i = 1; i <= rounds; i++)); do
  a=$(now); script >/dev/null 2>&1; b=$(now)
  node bin/kmcast.js doctor "pod/$POD" -n "$NAMESPACE" --group "$GROUP:$PORT" -o json >/dev/null 2>&1; status=$?; c=$(now)
  awk -v a="$a" -v b="$b" -v c="$c" -v s="$status" 'BEGIN{printf "script %.2f s   kmcast doctor %.2f s (exit %d)   ratio %.2f\n", b-a, c-b, s, (c-b)/(b-a)}'
done
