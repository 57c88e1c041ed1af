"""Passes frames from one interface to another, and on purpose drops, doubles or swaps test datagrams by their number."""
import json
import socket
import struct
import sys

ETH_P_ALL, PACKET_OUTGOING = 3, 4
plan = json.loads(sys.argv[3])
came = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
came.bind((sys.argv[1], 0))
came.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
went = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
went.bind((sys.argv[2], 0))
held = {}
print('ready', flush=True)
while True:
    frame, source = came.recvfrom(65536)
    if source[2] == PACKET_OUTGOING:
        continue
    at = frame.find(b'kmcast\0\1')
    if at < 0:
        went.send(frame)
        continue
    number = struct.unpack_from('!I', frame, at - 20)[0]
    if number in plan.get('drop', []):
        continue
    if number in plan.get('swap', []):
        held[frame[at + 16:at + 20]] = frame
        continue
    went.send(frame)
    if number in plan.get('double', []):
        went.send(frame)
    behind = held.pop(frame[at + 16:at + 20], None)
    if behind:
        went.send(behind)
