# IPv6: ip6tables on the node drops the group for a hostNetwork receiver.
EXPECT=(firewall-drops-multicast)
. "$FAULTS/kit"
of_ipv6
HOST_NETWORK=true JOIN6=eth1
setup() { pod rx "$(app6)"; in_node node1 ip6tables -I INPUT -i eth1 -d ff00::/8 -p udp -j DROP; }
teardown() {
  in_node node1 ip6tables -D INPUT -i eth1 -d ff00::/8 -p udp -j DROP
  while in_node node1 ip6tables -D INPUT -i eth1 -d ff15::7/128 -p udp --dport 5007 -j ACCEPT 2>/dev/null; do :; done # the plan's
}
