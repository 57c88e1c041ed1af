# The application joined a neighbour of the group.
EXPECT=(no-membership)
FIX=advise
. "$FAULTS/kit"
NETWORKS=mcast
setup() { nad mcast "$(macvlan '[{"dst":"239.1.2.0/24"}]')"; JOIN="s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, socket.inet_aton('239.1.2.4') + bytes(4)); s.setsockopt(0, 49, 0)"; pod rx "$(app)"; }
