# Two networks; the group is on the second's LAN, but the first's attachment has its route.
EXPECT=(joined-on-wrong-interface)
SENDS=yes
. "$FAULTS/kit"
NETWORKS=office,mcast
setup() {
  nad office "$(MASTER=eth0 macvlan | jq -c --argjson r "$ROUTE" '.name = "office" | .ipam = {type: "host-local", ranges: [[{subnet: "192.168.77.0/24"}]], routes: $r}')"
  nad mcast "$(macvlan)"; pod rx "$(app)"
}
