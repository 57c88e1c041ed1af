/*
 * Sends datagrams to a multicast group as fast as it can, or at a rate, for bench/discover-load.sh:
 *   discover-load GROUP PORT INTERFACE SECONDS RATE SIZE SOURCES
 * RATE 0 is as fast as possible; SIZE is the IP payload with its UDP header; SOURCES above 0 forges that many source
 * addresses (raw socket). Otherwise the kernel cuts each buffer into datagrams (UDP_SEGMENT, udp(7)), three times as fast as one
 * by one; the interface must not take them uncut (ip link set … gso_max_segs 1). Prints how many were sent, and how many a second.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, LARGEST = 2048 };
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static int open_socket(int forged, const char *interface) {
  int fd = forged ? socket(AF_INET, SOCK_RAW, IPPROTO_RAW) : socket(AF_INET, SOCK_DGRAM, 0);
  struct ip_mreqn at = {.imr_ifindex = (int)if_nametoindex(interface)};
  int ttl = 8, loop = 0, buffer = 8 << 20;
  setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &at, sizeof at);
  setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl);
  setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &loop, sizeof loop);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer);
  return fd;
}

/* Sends one batch in which every packet has another source in 10.0.0.0/8, in an order that does not repeat soon. */
static int send_forged(int fd, const struct sockaddr_in *to, int size, unsigned sources) {
  static unsigned char packets[BATCH][LARGEST];
  static struct mmsghdr messages[BATCH];
  static struct iovec parts[BATCH];
  static unsigned next;
  for (int i = 0; i < BATCH; i++) {
    unsigned char *p = packets[i];
    unsigned source = htonl(0x0a000000u | ((next++ * 2654435761u) % sources));
    p[0] = 0x45; p[8] = 8; p[9] = IPPROTO_UDP;
    memcpy(p + 12, &source, 4); memcpy(p + 16, &to->sin_addr, 4);
    p[20] = 4000 >> 8; p[21] = 4000 & 255; memcpy(p + 22, &to->sin_port, 2);
    p[24] = size >> 8; p[25] = size & 255;
    parts[i] = (struct iovec){p, 20 + size};
    messages[i].msg_hdr = (struct msghdr){.msg_name = (void *)to, .msg_namelen = sizeof *to, .msg_iov = &parts[i], .msg_iovlen = 1};
  }
  return sendmmsg(fd, messages, BATCH, 0);
}

int main(int argc, char **argv) {
  if (argc != 8) return 2;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &to.sin_addr);
  double seconds = atof(argv[4]), rate = atof(argv[5]);
  int size = atoi(argv[6]), forged = atoi(argv[7]), fd = open_socket(forged, argv[3]), payload = size - 8;
  static unsigned char buffer[BATCH * LARGEST];
  int each = 65000 / payload < BATCH ? 65000 / payload : BATCH;
  if (!forged && setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &payload, sizeof payload) != 0) return perror("UDP_SEGMENT"), 1;
  double begun = now(), passed;
  long sent = 0;
  while ((passed = now() - begun) < seconds) {
    if (rate > 0 && sent > passed * rate) {
      nanosleep(&(struct timespec){0, 200000}, NULL);
      continue;
    }
    if (forged) {
      int done = send_forged(fd, &to, size, forged);
      if (done > 0) sent += done;
    } else if (sendto(fd, buffer, (size_t)each * payload, 0, (struct sockaddr *)&to, sizeof to) > 0) {
      sent += each;
    }
  }
  printf("%ld %.0f\n", sent, sent / (now() - begun));
  return 0;
}
