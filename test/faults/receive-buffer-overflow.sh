# The application reads slower than the stream comes, into the smallest buffer.
EXPECT=(receive-buffer-overflow)
FIX=advise
. "$FAULTS/kit"
NETWORKS=mcast
BEFORE_BIND="s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)"
READ="while True: print('got', s.recvfrom(65535)[1][0]); time.sleep(1)"
setup() { nad mcast "$(macvlan "$ROUTE")"; pod rx "$(app)"; }
