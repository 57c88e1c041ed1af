# Nothing is wrong: a static binary without a shell, root or capability reads the stream.
EXPECT=(none)
. "$FAULTS/kit"
of_workload deploy
NETWORKS=mcast
setup() {
  static_image; nad mcast "$(macvlan "$ROUTE")"
  CONTAINER=$(jq -c --arg g $GROUP --arg p $PORT '. + {command: ["/receiver", $g, $p]}' <<<"$LOCKED")
  workload Deployment ""; running
}
