import type { Fault } from '../fault.ts';

const RULES = `add table inet guard; add chain inet guard entry { type filter hook input priority 0; policy drop; };
add rule inet guard entry ct state established,related accept; add rule inet guard entry iifname "lo" accept;
add rule inet guard entry tcp dport 8080 accept`;

const fault: Fault = {
  title: 'A firewall in the pod lets in only what it names',
  rules: ['firewall-drops-multicast'],
  heals: 'plan',
  after: [{ on: 'pod', argv: ['nft', RULES] }],
};
export default fault;
