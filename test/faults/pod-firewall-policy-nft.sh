# An nftables chain in the pod's namespace whose policy drops, with exceptions that do not cover the group.
EXPECT=(firewall-drops-multicast)
. "$FAULTS/kit"
setup() {
  nad mcast "$(macvlan "$ROUTE")"; receiver node1 mcast; running
  in_pod nft 'add table inet guard; add chain inet guard entry { type filter hook input priority 0; policy drop; }; add rule inet guard entry ct state established,related accept; add rule inet guard entry iifname "lo" accept; add rule inet guard entry tcp dport 8080 accept'
}
