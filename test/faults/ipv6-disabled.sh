# IPv6 is switched off on the pod's interface.
EXPECT=(ipv6-disabled)
. "$FAULTS/kit"
of_ipv6
NETWORKS=mcast JOIN6=net1
setup() { nad mcast "$(macvlan | tuned '{"net.ipv6.conf.net1.disable_ipv6": "1"}')"; pod rx "$(app6)"; }
