# The pod's namespace sends no IGMP: a switch that snoops forgets it.
EXPECT=(firewall-drops-igmp)
. "$FAULTS/kit"
setup() {
  nad mcast "$(macvlan "$ROUTE")"; receiver node1 mcast; running
  in_pod iptables -A OUTPUT -p igmp -j DROP
  querier_on; sleep 20 # the bridge waits 10 s before it trusts a querier, and forgets after 7 s
}
teardown() { querier_off; }
