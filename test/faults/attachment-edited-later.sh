# The route was added to the attachment after the pod had been created.
EXPECT=(routes-lost joined-on-wrong-interface)
SENDS=yes
. "$FAULTS/kit"
setup() { nad mcast "$(macvlan)"; receiver node1 mcast; running; nad mcast "$(macvlan "$ROUTE")"; }
