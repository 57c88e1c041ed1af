# The attachment is a bridge of its own, and no NIC is a port of it.
EXPECT=(nad-parent-wrong-network)
FIX=advise
. "$FAULTS/kit"
setup() { nad mcast "$(macvlan "$ROUTE" | jq -c '.type = "bridge" | .bridge = "kmcbr0" | del(.master, .mode)')"; receiver node1 mcast; running; }
teardown() { kubectl -n $NS delete pod rx --wait >/dev/null 2>&1; in_node node1 ip link del kmcbr0 2>/dev/null; }
