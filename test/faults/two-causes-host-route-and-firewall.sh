# A hostNetwork receiver: the node's route leads elsewhere, and its firewall drops the group on the right NIC.
EXPECT=(joined-on-wrong-interface firewall-drops-multicast)
HOST_NETWORK=true
setup() { receiver node1; running; in_node node1 iptables -I INPUT -i eth1 -d 239.0.0.0/8 -j DROP; }
teardown() {
  in_node node1 ip route del 239.1.2.3/32 dev eth1 2>/dev/null
  while in_node node1 iptables -D INPUT -i eth1 -d 239.0.0.0/8 -j DROP 2>/dev/null; do :; done
  while in_node node1 iptables -D INPUT -i eth1 -d 239.1.2.3/32 -p udp --dport 5007 -j ACCEPT 2>/dev/null; do :; done # the plan's
}
