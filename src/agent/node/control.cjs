// What kmcast asks of a running agent.
const { microseconds } = require('./traffic.cjs');

/** Milliseconds that counting has, once stdin is closed, to say what it counted. */
const LAST_WORDS = 500;

/** Why the job ends, and the promises that sending begins with, and that sending and counting end with. */
const control = { reason: 'finished', go: undefined, going: undefined, halt: undefined, halted: undefined };
control.going = new Promise((resolve) => {
  control.go = resolve;
});
control.halted = new Promise((resolve) => {
  control.halt = resolve;
});

/** What is asked on stdin while a job runs, a line each: `clock ID` for the time here, `go` for senders that wait, `halt` to end all. */
function listen(job, say, end) {
  let line = '';
  process.stdin.on('data', (data) => {
    const lines = (line + data).split('\n');
    line = lines.pop().slice(-100);
    for (const text of lines) {
      const [word, id] = text.split(' ');
      if (word === 'clock') say({ type: 'clock', id, at: microseconds() });
      if (word === 'go') control.go();
      if (word === 'halt') control.halt();
    }
  });
  process.stdin.on('end', () => {
    control.reason = 'stdin closed';
    control.halt();
    // What was counted is still said.
    const counts = job.places.some((place) => place.receive || place.send);
    if (counts) setTimeout(end, LAST_WORDS, control.reason);
    else end(control.reason);
  });
}

module.exports = { control, listen };
