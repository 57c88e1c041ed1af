# The application joined for any source and then blocked the one that sends (IP_BLOCK_SOURCE).
EXPECT=(source-filter-mismatch)
FIX=advise
. "$FAULTS/kit"
NETWORKS=mcast
setup() {
  nad mcast "$(macvlan "$ROUTE")"
  JOIN="s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + bytes(4))
s.setsockopt(0, 38, socket.inet_aton(group) + bytes(4) + socket.inet_aton('$SOURCE'))"
  pod rx "$(app)"
}
