# Without any route the join fails (ENODEV), and the application dies of it, again and again.
EXPECT=(no-group-route)
. "$FAULTS/kit"
NETWORKS=mcast
setup() {
  nad mcast "$(macvlan)"; pod rx "$(app)"
  in_pod ip route del default
  in_node node1 kill -9 "$(rx_pid)"; sleep 4
}
