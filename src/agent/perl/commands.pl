# Programs: started, bounded, and said with what they printed.

sub command {
    my ($phase, $command) = @_;
    my $error;
    for my $root ($command->{root} eq 'either' ? ('here', 'node') : $command->{root}) {
        if ($root eq 'node' and $MODE ne 'node') { $error ||= "the node's files are out of reach from a container"; next }
        my $result = eval { run($command->{argv}, $root) };
        if ($result) { return say_('command', phase => $phase, name => $command->{name}, root => $CHROOTED ? 'node' : $root, %$result) }
        chomp(my $problem = $@);
        $error ||= $problem;
        last unless $problem eq 'No such file or directory';
    }
    failed($phase, $command->{name}, $error);
}

# Runs a program; dies when it cannot be started, prints too much or does not end.
sub run {
    my ($argv, $root) = @_;
    pipe(my $out_r, my $out_w) && pipe(my $err_r, my $err_w) && pipe(my $bad_r, my $bad_w) or die "$!\n";
    my $pid = fork();
    die "$!\n" unless defined $pid;
    if (!$pid) {
        my $ready = $root eq 'here' || chroot(NODE_ROOT) && chdir('/');
        if ($ready) {
            open STDIN, '<', '/dev/null';
            POSIX::dup2(fileno $out_w, 1);
            POSIX::dup2(fileno $err_w, 2);
            %ENV = (PATH => $PATH, LC_ALL => 'C');
            no warnings 'exec';
            exec { $argv->[0] } @$argv;
        }
        syswrite($bad_w, "$!\n");
        POSIX::_exit(127);
    }
    close $_ for $out_w, $err_w, $bad_w;
    my ($until, $size, %text) = (time() + COMMAND_SECONDS, 0);
    my %open = map { fileno($_) => $_ } $out_r, $err_r, $bad_r;
    my $problem;
    while (%open and !$problem) {
        my $ready = '';
        vec($ready, $_, 1) = 1 for keys %open;
        my $left = $until - time();
        $problem = 'did not end within ' . COMMAND_SECONDS . ' s' if $left <= 0 or !select($ready, undef, undef, $left);
        for my $fd (grep { !$problem && vec($ready, $_, 1) } keys %open) {
            my $count = sysread($open{$fd}, $text{$fd}, 65536, length($text{$fd} || ''));
            $size += $count || 0;
            delete $open{$fd} unless $count;
        }
        $problem = 'printed more than ' . OUTPUT_LIMIT . ' bytes' if $size > OUTPUT_LIMIT;
    }
    my ($stdout, $stderr, $bad) = map { my $text = $text{ fileno $_ }; defined $text ? $text : '' } $out_r, $err_r, $bad_r;
    kill 'KILL', $pid if $problem;
    waitpid($pid, 0);
    die $bad || "$problem\n" if length $bad or $problem;
    my $status = $? & 127 ? -($? & 127) : $? >> 8;
    return { status => \$status, stdout => $stdout, stderr => $stderr };
}
