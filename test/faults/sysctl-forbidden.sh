# The kubelet refuses the pod for a sysctl that it does not count among the safe ones.
EXPECT=(sysctl-not-permitted)
. "$FAULTS/kit"
NETWORKS=mcast SPEC='{"securityContext":{"sysctls":[{"name":"net.ipv4.igmp_max_memberships","value":"50"}]}}'
setup() { nad mcast "$(macvlan "$ROUTE")"; WAIT=no pod rx "$(app)"; sleep 3; }
