# A pod that sends: its datagrams follow the default route into the pod network.
EXPECT=(sender-wrong-interface)
. "$FAULTS/kit"
of_sender
NETWORKS=mcast
setup() { nad mcast "$(macvlan)"; pod tx "$(sending)"; }
