# IPAM by DHCP, and no daemon on the node.
EXPECT=(dhcp-daemon-missing)
FIX=advise
. "$FAULTS/kit"
setup() { nad mcast "$(macvlan | jq -c '.ipam = {type: "dhcp"}')"; receiver node1 mcast; sleep 4; }
