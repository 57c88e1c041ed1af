# Nothing is wrong: the pod sends by net1, with a link-scope route.
EXPECT=(none)
. "$FAULTS/kit"
of_sender
NETWORKS=mcast
setup() { nad mcast "$(macvlan '[{"dst":"239.1.2.3/32","gw":"0.0.0.0"}]')"; pod tx "$(sending)"; }
