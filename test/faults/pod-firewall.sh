# A packet filter in the pod's own namespace drops the group.
EXPECT=(firewall-drops-multicast)
. "$FAULTS/kit"
setup() { nad mcast "$(macvlan "$ROUTE")"; receiver node1 mcast; running; in_pod iptables -A INPUT -i net1 -p udp -j DROP; }
