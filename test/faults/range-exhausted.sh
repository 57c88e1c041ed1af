# The range has one address, and another pod has it.
EXPECT=(ipam-exhausted)
. "$FAULTS/kit"
NETWORKS=mcast
setup() {
  nad mcast "$(macvlan "$ROUTE" | jq -c '.name = "tiny" | .ipam.ranges[0][0].rangeEnd = .ipam.ranges[0][0].rangeStart')"
  pod other "import time; time.sleep(9999)"
  WAIT=no pod rx "$(app)"; sleep 5
}
