# A DaemonSet's pod without a route to the group.
EXPECT=(joined-on-wrong-interface)
. "$FAULTS/kit"
of_workload daemonset
NETWORKS=mcast
setup() { nad mcast "$(macvlan)"; workload DaemonSet "$(app)"; running; }
