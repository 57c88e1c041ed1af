import { expect, it } from 'vitest';
import { labPicture } from '../../../src/lab/host/picture.ts';

const READY = {
  server: 'https://127.0.0.1:1',
  kubeconfig: '/k',
  switches: 2,
  places: [
    { name: 'outside', pid: 3, lan: '192.168.40.50', multicast: '192.168.50.50' },
    { name: 'node1', pid: 4, lan: '192.168.40.11', multicast: '192.168.50.11', podCidr: '10.44.1.0/24' },
  ],
};

it('shows each machine between the two LANs, and the scene', () => {
  expect(labPicture(READY, { nodes: 1, podNetwork: 'overlay', scene: true })).toBe(
    `
   LAN 192.168.40.0/24                    multicast LAN 192.168.50.0/24, fd50::/64
   │                                                   │
   ├─ eth0 .11 ─ node1 (pods 10.44.1.0/24) ─ eth1 .11 ─┤
   ├─ eth0 .50 ─ outside ─────────────────── eth1 .50 ─┤ sends 239.10.10.10:5004 (20/s, TTL 8)

   pods      an overlay (vxlan, as Flannel), no multicast between nodes
   video/rx  receives it, by the attachment camera-lan (macvlan on eth1)`.slice(1),
  );
});

it('shows no stream where there is none', () => {
  const picture = labPicture(READY, { nodes: 1, podNetwork: 'flat', scene: false });
  expect(picture).not.toMatch(/239|video/);
  expect(picture).toContain('one flat segment');
});
