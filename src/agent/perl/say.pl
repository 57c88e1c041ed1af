# kmcast's agent for Perl 5.10 and later, with nothing but perl-base: it reads, and cannot look or join. The loader
# (src/agent/bootstrap.ts) gives $JOB, the job's JSON, $MODE: `node` when pid 1 is the node's, else `container`, and
# $CHROOTED, when its root is the node's. stdin is the lifeline: when it closes, the agent ends.
use strict;
use warnings;
use Errno ();
use Fcntl qw(O_RDONLY O_NONBLOCK);
use POSIX ();

use constant { FILE_LIMIT => 4 << 20, OUTPUT_LIMIT => 16 << 20, COMMAND_SECONDS => 5, OUTBOX => 1 << 20 };
use constant { NODE_ROOT => '/proc/1/root', CLONE_NEWNET => 0x40000000 };
my $PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
our ($MODE, $JOB, $CHROOTED);
my ($out, $place, %children);

sub say_ { my ($type, %fields) = @_; write_all($out, encode({ %fields, type => $type, place => $place }) . "\n") }

sub failed { my ($phase, $what, $error) = @_; chomp $error; say_('failed', phase => $phase, what => $what, error => $error) }

sub write_all {
    my ($fd, $data) = @_;
    for (my $at = 0; $at < length $data;) {
        my $count = POSIX::write($fd, substr($data, $at, 65536), length $data < $at + 65536 ? length($data) - $at : 65536);
        POSIX::_exit(1) unless defined $count or $!{EINTR};
        $at += $count || 0;
    }
}

# JSON: a reference to a scalar is a number, a scalar is text (bytes; what is not UTF-8 is replaced).
sub encode {
    my ($value) = @_;
    return 0 + $$value if ref $value eq 'SCALAR';
    return '[' . join(',', map { encode($_) } @$value) . ']' if ref $value eq 'ARRAY';
    return '{' . join(',', map { encode($_) . ':' . encode($value->{$_}) } sort keys %$value) . '}' if ref $value;
    my $text = "$value";
    $text =~ s/[\x80-\xff]/\xef\xbf\xbd/g unless utf8::decode(my $copy = $text);
    $text =~ s/(["\\])/\\$1/g;
    $text =~ s/([\x00-\x1f\x7f])/sprintf '\\u%04x', ord $1/ge;
    return qq("$text");
}

sub parse_json {
    my ($text) = @_;
    my $value = json_value(\$text);
    return $value;
}

sub json_value {
    my ($text) = @_;
    $$text =~ /\G\s+/gc;
    if ($$text =~ /\G\{\s*/gc) {
        my %value;
        until ($$text =~ /\G\s*\}/gc) { my $key = json_value($text); $$text =~ /\G\s*:/gc; $value{$key} = json_value($text); $$text =~ /\G\s*,\s*/gc }
        return \%value;
    }
    if ($$text =~ /\G\[\s*/gc) {
        my @value;
        until ($$text =~ /\G\s*\]/gc) { push @value, json_value($text); $$text =~ /\G\s*,\s*/gc }
        return \@value;
    }
    if ($$text =~ /\G"((?:[^"\\]|\\.)*)"/gcs) {
        my $value = $1;
        my %plain = (n => "\n", t => "\t", r => "\r", b => "\b", f => "\f");
        $value =~ s{\\(?:u([0-9a-fA-F]{4})|(.))}{defined $1 ? do { my $c = chr hex $1; utf8::encode($c); $c } : exists $plain{$2} ? $plain{$2} : $2}ges;
        return $value;
    }
    return $1 if $$text =~ /\G(-?[0-9.eE+-]+)/gc;
    return $1 eq 'true' ? 1 : 0 if $$text =~ /\G(true|false|null)/gc;
    die "the job is not JSON\n";
}

sub base64 {
    my ($data) = @_;
    my $text = join '', map { substr(pack('u', $_), 1, -1) } unpack '(a45)*', $data;
    $text =~ tr{` -_}{AA-Za-z0-9+/};
    my $pad = (3 - length($data) % 3) % 3;
    substr($text, -$pad) = '=' x $pad if $pad;
    return $text;
}

sub unbase64 {
    my ($text) = @_;
    $text =~ tr{A-Za-z0-9+/}{}cd;
    my $length = int(length($text) * 3 / 4);
    $text =~ tr{A-Za-z0-9+/}{ -_};
    my $data = '';
    while ($text =~ /(.{1,60})/gs) { $data .= unpack 'u', chr(32 + int(length($1) * 3 / 4)) . $1 . "\n" }
    return substr $data, 0, $length;
}
