# The NIC below the pod's interface is down.
EXPECT=(parent-down)
setup() { nad mcast "$(macvlan '[{"dst":"239.1.2.3/32"}]')"; receiver node1 mcast; running; in_node node1 ip link set eth1 down; }
teardown() { in_node node1 ip link set eth1 up; in_node node1 ip addr replace fd00:31::11/64 dev eth1; }
