# The attachment's master is the cluster's NIC; the stream is on the other one.
EXPECT=(nad-parent-wrong-network)
SENDS=yes
. "$FAULTS/kit"
setup() { nad mcast "$(MASTER=eth0 macvlan "$ROUTE")"; receiver node1 mcast; running; }
