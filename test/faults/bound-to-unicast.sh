# The application bound its own address: such a socket takes no datagram to a group.
EXPECT=(bound-to-unicast)
FIX=advise
. "$FAULTS/kit"
NETWORKS=mcast BIND=$MC.140
setup() { nad mcast "$(macvlan "$ROUTE" | jq -c --arg a "$MC.140/24" '.ipam = {type: "static", addresses: [{address: $a}], routes: .ipam.routes}')"; pod rx "$(app)"; }
