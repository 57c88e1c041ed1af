# NAMESPACE/NAME@INTERFACE, and the route is missing.
EXPECT=(joined-on-wrong-interface)
SENDS=yes
. "$FAULTS/kit"
NETWORKS="$NS/mcast@feed0"
setup() { nad mcast "$(macvlan)"; pod rx "$(app)"; }
