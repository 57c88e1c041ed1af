# The application binds the port and never joins.
EXPECT=(no-membership)
FIX=advise
. "$FAULTS/kit"
NETWORKS=mcast JOIN=
setup() { nad mcast "$(macvlan "$ROUTE")"; pod rx "$(app)"; }
