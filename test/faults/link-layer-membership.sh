# The group was added to the interface by hand (ip maddr add); the application joined nothing.
EXPECT=(link-layer-only-membership no-membership)
FIX=advise
. "$FAULTS/kit"
NETWORKS=mcast JOIN=
setup() { nad mcast "$(macvlan "$ROUTE")"; pod rx "$(app)"; in_pod ip maddr add 01:00:5e:01:02:03 dev net1; }
