// Sending test datagrams at a bounded rate.
const { makeDatagram, stamp, microseconds, interfaceOf, openTowards, bootId, systemWords } = require('./traffic.cjs');

/** What a sender that was held up may make good at once: so many milliseconds' worth, or so many datagrams of a longer time. */
const BURST = 20;
const BURST_DATAGRAMS = 100;
const BURST_LONGEST = 100;
const MOST_ERRORS = 20;

/** Sends all flows side by side until each has its count, the time is over, or `halted` resolves. */
async function sendDatagrams(wanted, tell, { going, halted }) {
  const flows = wanted.flows.map((one) => ({
    one: one.ifOwn && !interfaceOf(one.source) ? { ...one, source: undefined } : one,
    number: 0,
    sent: 0,
    began: 0,
    ended: 0,
    waiting: 0,
    told: {},
    errors: new Map(),
  }));
  const tellSent = (last) => tell('sent', { last, at: microseconds(), boot: bootId(), flows: flows.map(describeFlow) });
  await Promise.all(flows.map(openFlow));
  if (wanted.wait) {
    tellSent(false);
    await Promise.race([going, halted]);
  }
  let over = false;
  const stop = () => {
    over = true;
  };
  halted.then(stop);
  const timer = setTimeout(stop, wanted.duration);
  const interval = wanted.every > 0 ? setInterval(tellSent, wanted.every, false) : undefined;
  await Promise.all(flows.map((flow) => runFlow(flow, wanted.run, () => over)));
  clearTimeout(timer);
  clearInterval(interval);
  tellSent(true);
}

async function openFlow(flow) {
  const { one } = flow;
  try {
    flow.socket = await openTowards(one.to, one.port, one);
  } catch (error) {
    return noteError(flow, error);
  }
  const { socket } = flow;
  // What a closed port answers to the unicast of a connected socket.
  socket.on('error', (error) => noteError(flow, error));
  const { address, port } = socket.address();
  const name = one.interface ?? interfaceOf(address);
  flow.told = { source: address.split('%')[0], port, ...(name ? { interface: name } : {}) };
}

async function runFlow(flow, run, isOver) {
  const { one, socket } = flow;
  if (!socket) return;
  const step = 1000 / one.rate;
  const burst = Math.max(BURST, Math.min(BURST_LONGEST, BURST_DATAGRAMS * step));
  let due = performance.now();
  while (!isOver() && !(flow.number >= one.count)) {
    const now = performance.now();
    while (due <= now && !(flow.number >= one.count)) {
      sendOne(flow, socket, run);
      // Time that was lost for longer than a burst is not made good.
      due = Math.max(due + step, now - burst);
    }
    // An idle wait may end a millisecond late: what is due sooner goes with the next turn.
    const wait = due - performance.now();
    await new Promise((resolve) => (wait > 1 ? setTimeout(resolve, Math.min(wait, 100)) : setImmediate(resolve)));
  }
  while (flow.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  socket.close();
}

function sendOne(flow, socket, run) {
  const { id, size } = flow.one;
  const at = microseconds();
  // The kernel may take a datagram later than this returns: each has its own bytes.
  const datagram = makeDatagram(run, id, size);
  stamp(datagram, flow.number++, at);
  flow.waiting++;
  socket.send(datagram, (error) => {
    flow.waiting--;
    if (error) return noteError(flow, error);
    flow.sent++;
    flow.began ||= at;
    flow.ended = at;
  });
}

function noteError({ errors }, error) {
  const code = error.code ?? 'UNKNOWN';
  const noted = errors.get(code) ?? { code, packets: 0, error: systemWords(error) };
  noted.packets++;
  if (errors.size < MOST_ERRORS || errors.has(code)) errors.set(code, noted);
}

function describeFlow({ one, told, number, sent, began, ended, errors }) {
  return { id: one.id, ...told, tried: number, sent, began, ended, errors: [...errors.values()] };
}

module.exports = { sendDatagrams };
