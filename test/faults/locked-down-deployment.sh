# A Deployment as Pod Security "restricted" wants it: no root, no capability, nothing to write to. The attachment lacks the route.
EXPECT=(joined-on-wrong-interface)
. "$FAULTS/kit"
of_workload deploy
NETWORKS=mcast CONTAINER=$LOCKED
setup() { nad mcast "$(macvlan)"; workload Deployment "$(app)"; running; }
