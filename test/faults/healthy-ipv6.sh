# Nothing is wrong: joined on net1 by its index.
EXPECT=(none)
. "$FAULTS/kit"
of_ipv6
NETWORKS=mcast JOIN6=net1
setup() { nad mcast "$(macvlan)"; pod rx "$(app6)"; }
