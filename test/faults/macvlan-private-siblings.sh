# Sender and receiver are pods on one node, on a macvlan whose mode keeps them apart.
EXPECT=(macvlan-mode-isolates)
. "$FAULTS/kit"
from_pod
NETWORKS=mcast
setup() {
  nad mcast "$(macvlan "$ROUTE" | jq -c '.mode = "private" | .ipam.routes[0].gw = "0.0.0.0"')"
  pod rx "$(app)"; pod tx "$(sending)"
}
