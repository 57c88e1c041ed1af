/** Makes the worker's lab the cluster of its tests. */
import { join } from 'node:path';
import { inject } from 'vitest';
import { labFolder, thisUser } from '../../src/lab/host/folder.ts';

const name = `${inject('labs')}${process.env.VITEST_POOL_ID}`;
process.env.KMCAST_SITE = 'lab';
process.env.KMCAST_LAB = name;
process.env.KUBECONFIG = join(labFolder(thisUser(), name), 'kubeconfig');
