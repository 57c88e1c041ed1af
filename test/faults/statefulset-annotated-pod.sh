# Somebody annotated the StatefulSet's pod, not the template: re-creating it would lose that again.
EXPECT=(network-not-attached)
. "$FAULTS/kit"
of_workload statefulset
setup() {
  nad mcast "$(macvlan "$ROUTE")"; workload StatefulSet "$(app)"; running
  kubectl -n $NS annotate pod rx-0 k8s.v1.cni.cncf.io/networks=mcast >/dev/null
}
