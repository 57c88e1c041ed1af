/*
 * Sends kmcast's test datagrams at an even rate: receive-load GROUP PORT ADDRESS RATE SECONDS. Says how many were sent, and how long
 * that took. The kernel cuts them out of larger ones (UDP_SEGMENT, udp(7)), else sending is slower than receiving.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { SIZE = 100, BATCH = 16 };

static int64_t nanoseconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct in_addr from = {inet_addr(argv[3])};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2])), .sin_addr = {inet_addr(argv[1])}};
  setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &from, sizeof from);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) return perror("connect"), 1;
  int64_t rate = atoll(argv[4]), total = rate * atoll(argv[5]);
  int size = SIZE;
  if (setsockopt(fd, SOL_UDP, UDP_SEGMENT, &size, sizeof size) != 0) return perror("UDP_SEGMENT"), 1;
  static unsigned char data[BATCH][SIZE];
  for (int i = 0; i < BATCH; i++) memcpy(data[i] + 20, "kmcast\0\1runrunru\0\0\0\1", 20);
  int64_t began = nanoseconds(CLOCK_MONOTONIC), sent = 0;
  while (sent < total) {
    int64_t due = (nanoseconds(CLOCK_MONOTONIC) - began) * rate / 1000000000LL;
    if (due > total) due = total;
    if (due - sent < BATCH && due < total) {
      struct timespec rest = {0, 20000};
      nanosleep(&rest, NULL);
      continue;
    }
    int many = due - sent < BATCH ? (int)(due - sent) : BATCH;
    int64_t now = nanoseconds(CLOCK_REALTIME) / 1000;
    for (int i = 0; i < many; i++) {
      uint32_t header[3] = {htonl(sent + i), htonl(now / 1000000), htonl(now % 1000000)};
      memcpy(data[i], header, sizeof header);
    }
    if (send(fd, data, many * SIZE, 0) < 0) return perror("send"), 1;
    sent += many;
  }
  printf("%lld %.3f\n", (long long)sent, (nanoseconds(CLOCK_MONOTONIC) - began) / 1e9);
  return 0;
}
