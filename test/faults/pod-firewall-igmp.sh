# The pod's namespace sends no IGMP: a switch that snoops forgets it.
EXPECT=(firewall-drops-igmp)
. "$FAULTS/kit"
setup() {
  querier_on # before the join: an entry of the bridge lives as long as was set when it was made
  nad mcast "$(macvlan "$ROUTE")"; receiver node1 mcast; running
  in_pod iptables -A OUTPUT -p igmp -j DROP
  sleep 18 # the bridge waits 10 s before it trusts a querier, and forgets after 7 s
}
teardown() { querier_off; }
