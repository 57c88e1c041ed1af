# A hostNetwork receiver that names no interface: the node's default route decides.
EXPECT=(joined-on-wrong-interface)
HOST_NETWORK=true
setup() { receiver node1; running; }
teardown() { in_node node1 ip route del 239.1.2.3/32 dev eth1 2>/dev/null; }
