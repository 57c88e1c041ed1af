# The pod's own node sends: a macvlan and its parent do not hear each other.
EXPECT=(macvlan-own-node)
FIX=advise
. "$FAULTS/kit"
from_node node1
setup() { nad mcast "$(macvlan "$ROUTE")"; receiver node1 mcast; running; }
