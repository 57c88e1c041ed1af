# net1 was deleted and made again under the running application: its membership went with the old one.
EXPECT=(membership-stale no-membership)
. "$FAULTS/kit"
setup() {
  nad mcast "$(macvlan "$ROUTE")"; receiver node1 mcast; running
  local a; a=$(in_pod ip -4 -o addr show net1 | awk '{print $4}')
  in_pod ip link del net1
  in_node node1 ip link add link eth1 name kmctmp0 type macvlan mode bridge
  in_node node1 ip link set kmctmp0 netns "$(rx_pid)" name net1
  in_pod ip addr add "$a" dev net1; in_pod ip link set net1 up; in_pod ip route add $GROUP/32 dev net1
}
