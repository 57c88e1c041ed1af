# The process that starts a place's process each, passes on what they say, and ends them all.

my %PRCTL = (x86_64 => 157, aarch64 => 167, riscv64 => 167, loongarch64 => 167, ppc64le => 171, s390x => 172, armv7l => 172, i686 => 172);

sub main {
    my ($job) = @_;
    my $end = time() + $job->{deadline};
    write_all(1, encode({ type => 'hello', runtime => 'perl', version => sprintf('%vd', $^V), uid => \$< }) . "\n");
    $SIG{PIPE} = 'IGNORE';
    $SIG{ALRM} = sub { stop(); POSIX::_exit(70) };
    alarm($job->{deadline} + 1);
    # Orphans become this process's children (PR_SET_CHILD_SUBREAPER): the first process of many containers never reaps them.
    if (my $number = $PRCTL{ (POSIX::uname())[4] }) { syscall($number, 36, 1, 0, 0, 0) }
    for my $place (@{ $job->{places} }) { start_place($place) }
    my $reason = relay($end);
    stop();
    write_all(1, encode({ type => 'end', reason => $reason }) . "\n");
    POSIX::_exit(0);
}

# Each place in a process of its own, since a process is in one network namespace.
sub start_place {
    my ($wanted) = @_;
    pipe(my $ours, my $theirs) or die "pipe: $!";
    my $pid = fork();
    die "fork: $!" unless defined $pid;
    if ($pid) { POSIX::setpgid($pid, $pid); close $theirs; $children{ fileno $ours } = [$pid, $ours, '']; return }
    POSIX::setpgid(0, 0);
    alarm(0);
    $SIG{ALRM} = $SIG{PIPE} = 'DEFAULT';
    ($out, $place) = (fileno $theirs, $wanted->{id});
    eval { observe($wanted); 1 } or failed('before', 'agent', $@);
    POSIX::_exit(0);
}

sub observe {
    my ($wanted) = @_;
    my $home = (stat '/proc/self/ns/net')[1];
    my $pid = eval { enter($wanted->{enter}) };
    if (!defined $pid) { chomp(my $error = $@); return say_('refused', error => $error) }
    say_('entered', pid => \$pid);
    read_all('before', $wanted->{reads}, $home) if $wanted->{reads};
    failed('before', 'look', 'perl cannot capture; needs python3') if $wanted->{look};
    read_all('after', $wanted->{rereads}, $home) if $wanted->{rereads};
    failed('after', 'join', 'perl cannot join; needs python3') if $wanted->{join};
    say_('done');
}

sub relay {
    my ($end) = @_;
    my $outbox = '';
    my %open = %children;
    while (%open or length $outbox) {
        my $left = $end - time();
        return 'deadline' if $left <= 0;
        my ($readable, $writable) = ('', '');
        vec($readable, 0, 1) = 1;
        if (length $outbox < OUTBOX) { vec($readable, $_, 1) = 1 for keys %open }
        vec($writable, 1, 1) = 1 if length $outbox;
        next if select($readable, $writable, undef, $left) < 0;
        if (vec($readable, 0, 1)) { return 'stdin closed' unless sysread(STDIN, my $ignored, 4096) }
        if (vec($writable, 1, 1)) {
            # A pipe that is ready takes PIPE_BUF bytes without blocking.
            my $count = POSIX::write(1, $outbox, length $outbox < 4096 ? length $outbox : 4096);
            return 'stdin closed' unless defined $count;
            substr($outbox, 0, $count) = '';
        }
        for my $fd (grep { vec($readable, $_, 1) } keys %open) {
            my $child = $open{$fd};
            my $count = sysread($child->[1], my $data, 65536);
            delete $open{$fd} unless $count;
            my $lines = rindex($data, "\n") + 1;
            if ($lines) { $outbox .= $child->[2] . substr($data, 0, $lines); $child->[2] = '' }
            $child->[2] .= substr($data, $lines);
        }
    }
    return 'finished';
}

sub stop {
    kill 'KILL', -$_->[0] for values %children;
    for (1 .. 100) {
        my $pid = waitpid(-1, POSIX::WNOHANG());
        last if $pid < 0;
        select(undef, undef, undef, 0.005) unless $pid;
    }
}

main(parse_json($JOB));
