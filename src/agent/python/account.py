"""What arrived of one sender: received, duplicates, order, latency. The same in node/account.cjs."""

WINDOW = 1 << 14
SAMPLES = 4096
ONES = b'\1' * WINDOW


class Account(object):
    """Numbers are 32 bits wide and wrap. A late one is told from a duplicate up to WINDOW numbers back; older ones are stale."""

    def __init__(self):
        self.received = self.duplicates = self.reordered = self.stale = self.bytes = 0
        # The first number that came; how many numbers came at all, and how many of them from before the first.
        self.first = None
        self.unique = self.below = 0
        # Distance of the highest number from the first.
        self.span = 0
        self.highest = 0
        self.seen = bytearray(WINDOW)
        self.began = self.ended = 0
        self.least = self.most = None
        self.total = 0
        self.samples = []

    def number(self, value):
        """Takes the number of a datagram."""
        self.received += 1
        step = (value - self.highest) & 0xffffffff
        if step == 1 and self.unique:
            self.highest = value
            self.span += 1
            self.unique += 1
            self.seen[value & WINDOW - 1] = 1
        elif self.first is None:
            self.first = self.highest = value
            self.unique = 1
            self.seen[value & WINDOW - 1] = 1
        elif 0 < step < 1 << 31:
            self.skip(step)
            self.highest = value
            self.span += step
            self.unique += 1
            self.seen[value & WINDOW - 1] = 1
        else:
            self.late(value, (self.highest - value) & 0xffffffff)

    def row(self, delays, size, ended):
        """Takes the datagrams that follow the highest number without a gap, at most WINDOW, each of `size` bytes."""
        many = len(delays)
        self.received += many
        self.unique += many
        self.span += many
        first = self.highest + 1 & WINDOW - 1
        self.highest = self.highest + many & 0xffffffff
        turn = min(many, WINDOW - first)
        self.seen[first:first + turn] = ONES[:turn]
        self.seen[:many - turn] = ONES[:many - turn]
        self.bytes += many * size
        self.ended = ended
        self.total += sum(delays)
        self.least, self.most = min(self.least, min(delays)), max(self.most, max(delays))
        if len(self.samples) < SAMPLES:
            self.samples += delays

    def skip(self, step):
        for ahead in range(1, min(step, WINDOW)):
            self.seen[self.highest + ahead & WINDOW - 1] = 0
        if step >= WINDOW:
            self.seen = bytearray(WINDOW)

    def late(self, value, back):
        if back >= WINDOW:
            self.stale += 1
        elif self.seen[value & WINDOW - 1]:
            self.duplicates += 1
        else:
            self.seen[value & WINDOW - 1] = 1
            self.reordered += 1
            self.unique += 1
            if back > self.span:
                self.below += 1

    def time(self, at, size):
        """`at`: microseconds of arrival."""
        if not self.began:
            self.began = at
        self.ended = at
        self.bytes += size

    def delay(self, value):
        """Arrival minus sending, by two clocks, in microseconds."""
        self.total += value
        if self.least is None or value < self.least:
            self.least = value
        if self.most is None or value > self.most:
            self.most = value
        if len(self.samples) < SAMPLES:
            self.samples.append(value)

    def told(self):
        numbers = {} if self.first is None else {
            'first': self.first, 'highest': self.highest, 'unique': self.unique, 'below': self.below,
            'missing': self.span + 1 - (self.unique - self.below), 'duplicates': self.duplicates,
            'reordered': self.reordered, 'stale': self.stale,
        }
        if self.least is not None:
            samples = sorted(self.samples)
            numbers['delay'] = {
                'least': self.least, 'most': self.most, 'mean': round(self.total / self.received),
                'median': samples[len(samples) // 2], 'p99': samples[len(samples) * 99 // 100],
            }
        numbers.update(received=self.received, bytes=self.bytes, began=self.began, ended=self.ended)
        return numbers
