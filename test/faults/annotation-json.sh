# The annotation is JSON and names the interface; its route is missing. Both must outlive the plan.
EXPECT=(joined-on-wrong-interface)
SENDS=yes
. "$FAULTS/kit"
NETWORKS='[{"name":"mcast","interface":"feed0"}]'
setup() { nad mcast "$(macvlan)"; pod rx "$(app)"; }
