# The receiver is one static binary in an empty image, without root and capabilities; the attachment lacks the route.
EXPECT=(joined-on-wrong-interface)
. "$FAULTS/kit"
of_workload deploy
NETWORKS=mcast
setup() {
  static_image; nad mcast "$(macvlan)"
  CONTAINER=$(jq -c --arg g $GROUP --arg p $PORT '. + {command: ["/receiver", $g, $p]}' <<<"$LOCKED")
  workload Deployment ""; running
}
