# nftables on the node drops the group early, for a hostNetwork receiver.
EXPECT=(firewall-drops-multicast)
HOST_NETWORK=true
setup() {
  in_node node1 ip route replace 239.1.2.3/32 dev eth1; receiver node1; running
  in_node node1 nft 'add table ip kmcguard; add chain ip kmcguard early { type filter hook prerouting priority -300; }; add rule ip kmcguard early iifname "eth1" ip daddr 224.0.0.0/4 udp dport 5000-5999 counter drop'
}
teardown() { in_node node1 nft delete table ip kmcguard; in_node node1 ip route del 239.1.2.3/32 dev eth1; }
