/*
 * Sends datagrams to a multicast group as fast as it can, or at a rate, for bench/discover-load.sh:
 *   discover-load GROUP PORT INTERFACE SECONDS RATE SIZE SOURCES
 * RATE 0 is as fast as possible; SIZE is the IP payload with its UDP header; SOURCES above 0 forges that many source
 * addresses (raw socket). Prints how many were sent, and how many a second.
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

int main(int argc, char **argv) {
  if (argc != 8) return 2;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &to.sin_addr);
  double seconds = atof(argv[4]), rate = atof(argv[5]);
  int size = atoi(argv[6]), forged = atoi(argv[7]), fd = open_socket(forged, argv[3]);
  static unsigned char packets[BATCH][LARGEST];
  static struct mmsghdr messages[BATCH];
  static struct iovec parts[BATCH];
  for (int i = 0; i < BATCH; i++) {
    unsigned char *p = packets[i];
    if (forged) {
      p[0] = 0x45; p[8] = 8; p[9] = IPPROTO_UDP;
      memcpy(p + 16, &to.sin_addr, 4);
      p[20] = 4000 >> 8; p[21] = 4000 & 255; memcpy(p + 22, &to.sin_port, 2);
      p[24] = size >> 8; p[25] = size & 255;
    }
    parts[i] = (struct iovec){p, forged ? 20 + size : size - 8};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &parts[i], .msg_iovlen = 1};
  }
  double begun = now(), passed;
  long sent = 0;
  unsigned next = 0;
  while ((passed = now() - begun) < seconds) {
    if (rate > 0 && sent > passed * rate) {
      nanosleep(&(struct timespec){0, 200000}, NULL);
      continue;
    }
    for (int i = 0; forged && i < BATCH; i++) {
      /* 10.0.0.0/8, in an order that does not repeat soon. */
      unsigned source = htonl(0x0a000000u | ((next++ * 2654435761u) % (unsigned)forged));
      memcpy(packets[i] + 12, &source, 4);
    }
    int done = sendmmsg(fd, messages, BATCH, 0);
    if (done > 0) sent += done;
  }
  printf("%ld %.0f\n", sent, sent / (now() - begun));
  return 0;
}
