// Who was heard at a socket, and what became of each one's datagrams.
const { readSync } = require('node:fs');
const { Account } = require('./account.cjs');
const { TEST_HEADER, MAGIC, microseconds } = require('./traffic.cjs');

const MOST_SENDERS = 500;
/** Where magic, run and sender id stand: the mark of one sender's datagrams. */
const MARK = 20;
const MAGIC_WORDS = [MAGIC.readInt32LE(0), MAGIC.readInt32LE(4)];
/** So many datagrams in one turn of the event loop are a flood; and how many are then read at once. */
const FLOOD = 16;
const ROUND = 512;
const SPACE = Buffer.alloc(65536);

/** One sender: `words` are its mark, undefined where its datagrams are not kmcast's. */
class Sender {
  account = new Account();
  from = undefined;
  port = 0;

  constructor(data, isOwn) {
    this.words = isOwn ? [20, 24, 28, 32, 36].map((at) => data.readInt32LE(at)) : undefined;
    this.mark = isOwn ? { run: data.toString('hex', 28, 36), sender: data.readUInt32BE(36) } : {};
  }

  isOf(data, size) {
    const { words } = this;
    if (words === undefined) return !isOurs(data, size);
    return (
      size >= TEST_HEADER &&
      data.readInt32LE(36) === words[4] &&
      data.readInt32LE(32) === words[3] &&
      data.readInt32LE(28) === words[2] &&
      data.readInt32LE(24) === words[1] &&
      data.readInt32LE(20) === words[0]
    );
  }

  count(data, size, at) {
    const { account } = this;
    account.time(at, size);
    if (this.words === undefined) {
      account.received++;
      return;
    }
    account.number(data.readUInt32BE(0));
    account.delay(at - data.readUInt32BE(4) * 1e6 - data.readUInt32BE(8));
  }

  told() {
    return {
      source: this.from?.split('%')[0] ?? 'unknown',
      port: this.port,
      ...this.mark,
      ways: [],
      ...this.account.told(),
    };
  }
}

/** One socket. dgram takes three microseconds for a datagram; in a flood what waits is read without it, which takes less than half. */
class Counted {
  senders = new Map();
  /** By the mark alone, '' for all that is not kmcast's: what is read past dgram has no address. */
  byMark = new Map();
  /** A mark does not tell the address: one sender has two, or others than kmcast send. */
  mixed = false;
  /** Senders whose address is not known yet: the next of their datagrams are to tell it. */
  nameless = 0;
  received = 0;
  truncated = false;
  turn = 0;
  last = undefined;
  nextTurn = () => {
    this.turn = 0;
  };

  constructor(id, socket, wanted) {
    this.id = id;
    this.socket = socket;
    this.wanted = wanted;
    this.fd = descriptorOf(socket);
    this.enough = new Promise((resolve) => {
      this.done = resolve;
    });
    socket.on('message', (data, { address, port }) => this.hear(data, address, port));
  }

  hear(data, address, port) {
    const at = microseconds();
    const { last } = this;
    const isLast = last !== undefined && last.port === port && last.from === address && last.isOf(data, data.length);
    this.count(isLast ? last : this.find(data, address, port), data, data.length, at);
    if (++this.turn === 1) setImmediate(this.nextTurn);
    else if (this.turn % FLOOD === 0 && this.fd !== undefined) this.drain();
  }

  drain() {
    for (let i = 0; i < ROUND && !this.mixed && this.nameless === 0; i++) {
      let size;
      try {
        size = readSync(this.fd, SPACE, 0, SPACE.length, null);
      } catch {
        return; // Nothing waits any more.
      }
      const at = microseconds();
      const { last } = this;
      this.count(last?.isOf(SPACE, size) ? last : this.findByMark(SPACE, size), SPACE, size, at);
    }
  }

  count(sender, data, size, at) {
    if (sender === undefined) {
      this.truncated = true;
      return;
    }
    this.last = sender;
    sender.count(data, size, at);
    if (++this.received === this.wanted) this.done();
  }

  find(data, address, port) {
    const mark = markOf(data, data.length);
    const key = `${address} ${port} ${mark}`;
    const known = this.senders.get(key);
    if (known !== undefined) return known;
    const marked = this.byMark.get(mark);
    if (mark === '' || marked?.from !== undefined) this.mixed = true;
    // One that was first heard past dgram has its address now.
    const isNew = marked === undefined || marked.from !== undefined;
    const sender = isNew ? this.add(data, mark) : marked;
    if (sender === undefined) return undefined;
    if (!isNew) this.nameless--;
    sender.from = address;
    sender.port = port;
    this.senders.set(key, sender);
    return sender;
  }

  findByMark(data, size) {
    const mark = markOf(data, size);
    const known = this.byMark.get(mark);
    if (known !== undefined) return known;
    const sender = this.add(data, mark);
    if (sender !== undefined) this.nameless++;
    return sender;
  }

  add(data, mark) {
    if (Math.max(this.senders.size, this.byMark.size) >= MOST_SENDERS) return undefined;
    const sender = new Sender(data, mark !== '');
    this.byMark.set(mark, sender);
    return sender;
  }

  told() {
    const nameless = [...this.byMark.values()].filter(({ from }) => from === undefined);
    return [...this.senders.values(), ...nameless].map((sender) => sender.told());
  }
}

function isOurs(data, size) {
  return (
    size >= TEST_HEADER && data.readInt32LE(MARK) === MAGIC_WORDS[0] && data.readInt32LE(MARK + 4) === MAGIC_WORDS[1]
  );
}

function markOf(data, size) {
  return isOurs(data, size) ? data.latin1Slice(28, TEST_HEADER) : '';
}

function descriptorOf(socket) {
  // dgram shows its file descriptor nowhere else.
  const state = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  const fd = state && socket[state].handle?.fd;
  return fd >= 0 ? fd : undefined;
}

module.exports = { Counted };
