# The range is used up by an address that no pod has any more.
EXPECT=(ipam-exhausted)
. "$FAULTS/kit"
NETWORKS=mcast
setup() {
  in_node node1 sh -c 'mkdir -p /var/lib/cni/networks/leaky; printf "0badc0ffee\r\nnet1" >/var/lib/cni/networks/leaky/172.31.0.100; touch -d "1 hour ago" /var/lib/cni/networks/leaky/172.31.0.100'
  nad mcast "$(macvlan "$ROUTE" | jq -c '.name = "leaky" | .ipam.ranges[0][0].rangeEnd = .ipam.ranges[0][0].rangeStart')"
  WAIT=no pod rx "$(app)"; sleep 5
}
teardown() { kubectl -n $NS delete pod rx --wait >/dev/null 2>&1; sleep 2; in_node node1 rm -rf /var/lib/cni/networks/leaky; }
