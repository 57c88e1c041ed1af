# IPv6: a join without an interface goes to the first one, and no route of an attachment changes that.
EXPECT=(joined-on-wrong-interface ipv6-default-interface)
FIX=advise
. "$FAULTS/kit"
of_ipv6
NETWORKS=mcast
setup() { nad mcast "$(macvlan)"; pod rx "$(app6)"; }
