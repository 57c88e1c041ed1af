# A hostNetwork receiver with an off-link source, and strict filtering on the NIC alone.
EXPECT=(reverse-path-filter)
HOST_NETWORK=true
setup() {
  off_subnet_source
  in_node node1 sysctl -qw net.ipv4.conf.eth1.rp_filter=1
  in_node node1 ip route replace 239.1.2.3/32 dev eth1; receiver node1; running
}
teardown() {
  in_node node1 sysctl -qw net.ipv4.conf.eth1.rp_filter=0 net.ipv4.conf.all.rp_filter=0
  in_node node1 ip route del 239.1.2.3/32 dev eth1; in_node node1 ip route del 10.9.9.9 2>/dev/null
}
