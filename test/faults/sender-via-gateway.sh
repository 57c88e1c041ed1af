# A pod that sends: host-local gave its route to the group a gateway, node2, so that the frames go to its MAC.
EXPECT=(group-route-via-gateway)
. "$FAULTS/kit"
of_sender
NETWORKS=mcast
setup() { nad mcast "$(macvlan "$ROUTE" | jq -c --arg gw $MC.12 '.ipam.ranges[0][0].gateway = $gw')"; pod tx "$(sending)"; }
