# The socket may join two groups; this one is its third (net.ipv4.igmp_max_memberships).
EXPECT=(membership-limit)
. "$FAULTS/kit"
NETWORKS=mcast
setup() {
  nad mcast "$(macvlan '[{"dst":"239.0.0.0/8"}]' | tuned '{"net.ipv4.igmp_max_memberships": "2"}')"
  JOIN="for g in ('239.1.2.1', '239.1.2.2', group):
    try: s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(g) + bytes(4))
    except OSError as error: print(error)"
  pod rx "$(app)"
}
