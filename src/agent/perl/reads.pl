# Reading one network namespace: files, netlink dumps, and who owns which socket.

sub read_all {
    my ($phase, $reads, $home) = @_;
    for my $pattern (@{ $reads->{files} }) { read_files($phase, $pattern, $home) }
    my $whole = 1;
    for my $dump (@{ $reads->{netlink} }) {
        my $data = eval { netlink($dump) };
        if (defined $data) { say_('netlink', phase => $phase, name => $dump->{name}, data => base64($data)) }
        else { $whole = 0; chomp(my $error = $@); failed($phase, $dump->{name}, $error) }
    }
    my $fallback = $whole ? undef : $reads->{fallback};
    if ($fallback) { for my $pattern (@{ $fallback->{files} }) { read_files($phase, $pattern, $home) } }
    owners($phase) if $reads->{owners};
    for my $command (@{ $reads->{commands} }, $fallback ? @{ $fallback->{commands} } : ()) { command($phase, $command) }
}

sub read_files {
    my ($phase, $pattern, $home) = @_;
    return failed($phase, $pattern, 'sysfs here shows another network namespace')
        if $pattern =~ m{^/sys/} and (stat '/proc/self/ns/net')[1] != $home;
    my @paths = $pattern =~ /[*?]/ ? expand($pattern) : ($pattern);
    return failed($phase, $pattern, 'No such file or directory') unless @paths;
    for my $path (@paths) {
        my $text = slurp($path);
        if (!defined $text) { failed($phase, $path, "$!") }
        elsif (length $text > FILE_LIMIT) { failed($phase, $path, 'longer than ' . FILE_LIMIT . ' bytes') }
        else { say_('file', phase => $phase, path => $path, text => $text) }
    }
}

# A whole file, a little more than the limit at most; undef with $! set when it cannot be read.
sub slurp {
    my ($path) = @_;
    sysopen(my $file, $path, O_RDONLY | O_NONBLOCK) or return undef;
    my $data = '';
    while (length $data <= FILE_LIMIT) {
        my $count = sysread($file, $data, 65536, length $data);
        return undef unless defined $count;
        last unless $count;
    }
    return $data;
}

# `*` and `?` as the shell has them; without File::Glob, whose other characters would be special too.
sub expand {
    my ($pattern) = @_;
    my @found = ('');
    for my $part (grep { length } split m{/}, $pattern) {
        if ($part !~ /[*?]/) { @found = grep { -e } map { "$_/$part" } @found; next }
        my $expression = join '', map { $_ eq '*' ? '.*' : $_ eq '?' ? '.' : quotemeta } split //, $part;
        @found = map { my $folder = $_; map { "$folder/$_" } grep { /^$expression$/s } listing("$folder/") } @found;
    }
    return @found;
}

sub listing { opendir(my $in, $_[0]) or return; return sort grep { !/^\./ } readdir $in }

# The answer to a dump request (netlink(7)); asked once more when the kernel says that it changed meanwhile.
sub netlink {
    my ($dump) = @_;
    my $body = unbase64($dump->{body});
    for my $last (0, 1) {
        socket(my $sock, 16, 3, $dump->{protocol}) or die "$!\n";
        setsockopt($sock, 1, 20, pack('l!l!', 3, 0));
        bind($sock, pack('SSLL', 16, 0, 0, 0)) or die "$!\n";
        defined send($sock, pack('LSSLL', 16 + length $body, $dump->{type}, 0x301, 1, 0) . $body, 0) or die "$!\n";
        my ($data, $interrupted) = receive($sock);
        return $data if $last or !$interrupted;
    }
}

sub receive {
    my ($sock) = @_;
    my ($answer, $interrupted) = ('', 0);
    while (1) {
        defined recv($sock, my $data, 1 << 20, 0) or die "$!\n";
        for (my $offset = 0; $offset + 16 <= length $data;) {
            my ($size, $type, $flags) = unpack('LSS', substr($data, $offset, 8));
            die "malformed netlink answer\n" if $size < 16;
            if ($type == 2 or $type == 3) {
                my $code = $size >= 20 ? unpack('l', substr($data, $offset + 16, 4)) : 0;
                if ($code < 0) { local $! = -$code; die "$!\n" }
                return ($answer, $interrupted);
            }
            $interrupted = 1 if $flags & 0x10;
            $answer .= substr($data, $offset, $size);
            $offset += ($size + 3) & ~3;
        }
    }
}

sub owners {
    my ($phase) = @_;
    my $mine = (stat '/proc/self/ns/net')[1];
    my (@sockets, $hidden);
    for my $pid (processes()) {
        my $space = (stat "/proc/$pid/ns/net")[1];
        if (!defined $space) { $hidden++ if $!{EACCES}; next }
        next if $space != $mine;
        opendir(my $fds, "/proc/$pid/fd") or do { $hidden++ if $!{EACCES}; next };
        my %inodes = map { (readlink("/proc/$pid/fd/$_") || '') =~ /^socket:\[(\d+)\]$/ ? ($1 => 1) : () } readdir $fds;
        my $name = slurp("/proc/$pid/comm");
        next unless defined $name;
        chomp $name;
        push @sockets, map { { inode => \$_, pid => \$pid, command => $name } } sort { $a <=> $b } keys %inodes;
    }
    say_('owners', sockets => \@sockets);
    failed($phase, 'owners', "$hidden processes could not be read: Permission denied") if $hidden and $MODE ne 'node';
}
