# IPv6: joined where the stream is, listening on another port.
EXPECT=(port-mismatch no-socket)
FIX=advise
. "$FAULTS/kit"
of_ipv6
NETWORKS=mcast JOIN6=net1
setup() { nad mcast "$(macvlan)"; LISTEN_PORT=5008 pod rx "$(LISTEN_PORT=5008 app6)"; }
