# A Deployment whose template names no network at all: the annotation must go into the template.
EXPECT=(no-secondary-network pod-network-no-multicast)
. "$FAULTS/kit"
of_workload deploy
setup() { workload Deployment "$(app)"; running; }
