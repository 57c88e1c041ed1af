import { type Action, type Fault, withConfig } from '../fault.ts';
import { STREAM } from '../scene.ts';

const TAKEN = '192.168.50.177';
const address = (verb: string): Action => ({
  on: 'outside',
  argv: ['ip', 'address', verb, `${TAKEN}/24`, 'dev', STREAM.interface],
});

const fault: Fault = {
  title: 'The pod has been given the address of the sender',
  rules: ['address-conflict'],
  heals: 'plan',
  before: [address('replace')],
  undo: [address('del')],
  scene: (scene) => ({
    ...withConfig(scene, ({ ipam, ...config }) => ({
      ...config,
      ipam: { ...(ipam as object), type: 'static', ranges: undefined, addresses: [{ address: `${TAKEN}/24` }] },
    })),
    stream: { ...STREAM, source: TAKEN },
  }),
};
export default fault;
