/** The definition of NetworkAttachmentDefinition, which makes the API server know them. */
import type { NewObject } from './object.ts';

/** The resource, by which the store knows them; also the name of the definition. */
export const NADS = 'network-attachment-definitions.k8s.cni.cncf.io';

/** The Network Plumbing Working Group's own, as Multus installs it. */
export function attachmentDefinition(): NewObject {
  const config = { description: 'Configuration or list of configurations (CNI), as JSON', type: 'string' };
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { config } } },
  };
  return {
    metadata: { name: NADS },
    spec: {
      group: 'k8s.cni.cncf.io',
      scope: 'Namespaced',
      names: {
        plural: 'network-attachment-definitions',
        singular: 'network-attachment-definition',
        kind: 'NetworkAttachmentDefinition',
        shortNames: ['net-attach-def'],
      },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}
