# Two networks; the group is on the second's, and no route says so.
EXPECT=(joined-on-wrong-interface)
SENDS=yes
. "$FAULTS/kit"
NETWORKS=office,mcast
setup() {
  nad office "$(MASTER=eth0 macvlan | jq -c '.name = "office" | .ipam = {type: "host-local", ranges: [[{subnet: "192.168.77.0/24"}]]}')"
  nad mcast "$(macvlan)"; pod rx "$(app)"
}
