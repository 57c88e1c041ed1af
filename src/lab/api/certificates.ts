import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { MASTERS } from './auth/user.ts';

/** A key and its certificate, as PEM. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

export interface Certificates {
  /** The authority's certificate, PEM: clients trust it, and the server those whom it signed. */
  readonly authority: string;
  readonly server: KeyPair;
  /** A client that may do everything. */
  readonly admin: KeyPair;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const YEAR = 365 * 86_400_000;
const DAY = 86_400_000;

/** New ones each time: the authority's key is in this process only, and never leaves it. */
export async function makeCertificates(names: readonly string[], addresses: readonly string[]): Promise<Certificates> {
  const [root, server, admin] = await Promise.all([makeKeys(), makeKeys(), makeKeys()]);
  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...validity(),
      name: 'CN=kmcast-lab',
      keys: root,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      ],
    },
    webcrypto,
  );
  const sign = (subject: string, keys: webcrypto.CryptoKeyPair, extensions: x509.Extension[]) =>
    x509.X509CertificateGenerator.create(
      {
        ...validity(),
        subject,
        issuer: authority.subject,
        publicKey: keys.publicKey,
        signingKey: root.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true), ...extensions],
      },
      webcrypto,
    );
  const alternatives = new x509.SubjectAlternativeNameExtension([
    ...names.map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ]);
  const [serverCertificate, adminCertificate] = await Promise.all([
    sign('CN=kube-apiserver', server, [usage(x509.ExtendedKeyUsage.serverAuth), alternatives]),
    sign(`CN=kmcast-lab-admin,O=${MASTERS}`, admin, [usage(x509.ExtendedKeyUsage.clientAuth)]),
  ]);
  return {
    authority: authority.toString('pem'),
    server: pair(server, serverCertificate),
    admin: pair(admin, adminCertificate),
  };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** A clock that was set back a little must not make them invalid. */
function validity() {
  const now = Date.now();
  // The first bit is that of the sign.
  const serialNumber = `01${randomBytes(15).toString('hex')}`;
  return { serialNumber, notBefore: new Date(now - DAY), notAfter: new Date(now + YEAR) };
}

function usage(purpose: x509.ExtendedKeyUsage): x509.Extension {
  return new x509.ExtendedKeyUsageExtension([purpose]);
}

function pair({ privateKey }: webcrypto.CryptoKeyPair, certificate: x509.X509Certificate): KeyPair {
  const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { key: String(key), certificate: certificate.toString('pem') };
}
