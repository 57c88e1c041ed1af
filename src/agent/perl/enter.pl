# Finding and entering network namespaces.

# The kernel keeps setns under a number of its own for each architecture.
my %SETNS = (x86_64 => 308, aarch64 => 268, riscv64 => 268, loongarch64 => 268, ppc64le => 350, s390x => 339, armv7l => 375, i686 => 346);

sub enter {
    my ($target) = @_;
    return $$ if $target->{kind} eq 'here';
    die "needs the node's process namespace, and this is a container's\n" if $MODE ne 'node';
    my ($pid, $path) = $target->{kind} eq 'node' ? (1) : find_pod($target);
    $path = "/proc/$pid/ns/net" unless defined $path;
    sysopen(my $fd, $path, O_RDONLY) or die "$!\n";
    my $number = $SETNS{ (POSIX::uname())[4] } or die "perl does not know setns on this architecture\n";
    syscall($number, fileno $fd, CLONE_NEWNET) == 0 or die "$!\n";
    return $pid;
}

sub find_pod {
    my ($target) = @_;
    my $uid = $target->{uid};
    (my $other = $uid) =~ tr/-/_/;
    my %groups = map { $_ => scalar slurp("/proc/$_/cgroup") } processes();
    for my $mark ((grep { length } @{ $target->{containers} }), "pod$uid", "pod$other") {
        for my $pid (sort { $a <=> $b } keys %groups) {
            return $pid if defined $groups{$pid} and index($groups{$pid}, $mark) >= 0;
        }
    }
    my $task = 'io.containerd.runtime.v2.task/k8s.io/*';
    for my $pattern ("/run/containerd/$task", "/run/k3s/containerd/$task", "/var/snap/microk8s/common/run/containerd/$task", '/run/containers/storage/overlay-containers/*/userdata') {
        for my $folder (expand(NODE_ROOT . $pattern)) {
            my @found = read_sandbox($folder, $uid);
            return @found if @found;
        }
    }
    die "no process and no sandbox of pod $target->{namespace}/$target->{name} on this node\n";
}

sub read_sandbox {
    my ($folder, $uid) = @_;
    my $config = slurp("$folder/config.json");
    return unless defined $config and $config =~ /"io\.kubernetes\.(?:cri\.sandbox-uid|pod\.uid)"\s*:\s*"\Q$uid\E"/;
    return unless $config =~ /"io\.kubernetes\.(?:cri\.container-type|cri-o\.ContainerType)"\s*:\s*"sandbox"/;
    for my $file ('init.pid', 'pidfile') {
        my $pid = slurp("$folder/$file");
        return $1 if defined $pid and $pid =~ /^(\d+)/ and -e "/proc/$1/ns/net";
    }
    if ($config =~ /\{[^{}]*"type"\s*:\s*"network"[^{}]*\}/ and $& =~ /"path"\s*:\s*"([^"]+)"/) {
        # /var/run is an absolute link on most nodes, which would lead out of the node's root.
        (my $path = $1) =~ s{^/var/run/}{/run/};
        return (0, NODE_ROOT . $path) if -e NODE_ROOT . $path;
    }
    return;
}

sub processes { return sort { $a <=> $b } grep { /^\d+$/ } listing('/proc') }

