/**
 * What is given as arguments to start an agent: small programs that read the real one from stdin, to the byte, and leave the
 * rest of stdin as its lifeline. Status 97 says "this runtime is not fit", before anything was read; 70 that the agent failed.
 */

/** Reads the shell's own program from stdin, and runs it: `read` takes no byte too many (POSIX). */
export const SHELL_READER = `IFS= read -r h || exit 70
e=\${h##* }
p=
while IFS= read -r l; do
  [ "$l" != "#$e" ] || break
  p="$p$l
"
done
eval "$p"
`;

/** `t` runs a program if it is there, and goes on when it is not fit; `n` does so with the node's. `$1` is the mode. */
const TRY = `PATH=\${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
m=$1
t() {
  command -v "$1" >/dev/null 2>&1 || return 0
  "$@"
  s=$?
  case $s in 1|97|12[567]) ;; *) exit $s ;; esac
}
n() { [ "$m" != node ] || t chroot /proc/1/root "$@"; }
`;

/** Tries runtimes in order; `$2` to `$4` are the loaders for Python, Perl and Node. A shell is the last one. */
export const SHELL_LOADER = `${TRY}t python3 -ES -c "$2"
n python3 -ES -c "$2" chrooted
t perl -e "$3"
n perl -e "$3" chrooted
[ "$m" = node ] || t node -e "$4"
${SHELL_READER}`;

/** The same for captures, which Python alone can make; `$2` is its loader. */
export const CAPTURE_LOADER = `${TRY}t python3 -ES -c "$2"
n python3 -ES -c "$2" chrooted
exit 97
`;

export const PYTHON_LOADER = `import sys, os
if sys.version_info < (3, 6): os._exit(97)
try: import array, base64, fcntl, glob, json, mmap, re, select, signal, socket, struct, subprocess, traceback
except ImportError: os._exit(97)
def read(n):
    b = bytearray()
    while len(b) < n:
        c = os.read(0, n - len(b))
        if not c: os._exit(70)
        b += c
    return bytes(b)
h = b''
while h[-1:] != b'\\n': h += read(1)
h = h.decode().split()
s = [int(x) for x in h[2:7]]
b = read(sum(s))
a = s[0] + s[1]
try: exec(compile(b[a:a + s[2]], 'agent.py', 'exec'), {'__name__': '__main__', 'JOB': b[s[0]:a], 'MODE': h[1], 'CHROOTED': len(sys.argv) > 1})
except Exception:
    traceback.print_exc()
    os._exit(70)
`;

export const PERL_LOADER = `exit 97 if $] < 5.010 or !eval { require POSIX; require Fcntl; require Errno; 1 };
sub take { my ($n, $d) = ($_[0], ''); while (length $d < $n) { sysread(STDIN, $d, $n - length $d, length $d) or exit 70 } return $d }
my $h = ''; $h .= take(1) while $h !~ /\\n/;
my (undef, $m, @s) = split ' ', $h;
my $all = take($s[0] + $s[1] + $s[2] + $s[3] + $s[4]);
our ($MODE, $CHROOTED, $JOB) = ($m, scalar @ARGV, substr $all, $s[0], $s[1]);
eval substr $all, $s[0] + $s[1] + $s[2], $s[3];
print STDERR $@; POSIX::_exit(70);
`;

export const NODE_LOADER = `const { readSync } = require('fs');
const take = (n) => { const b = Buffer.alloc(n); for (let i = 0; i < n;) { const c = readSync(0, b, i, n - i, null); if (!c) process.exit(70); i += c; } return b; };
let h = '';
while (!h.endsWith('\\n')) h += take(1);
const s = h.split(' ').slice(2, 7).map(Number);
const b = take(s[0] + s[1] + s[2] + s[3] + s[4]);
new Function('require', 'JOB', b.toString('utf8', s[0] + s[1] + s[2] + s[3]))(require, b.toString('utf8', s[0], s[0] + s[1]));
`;
