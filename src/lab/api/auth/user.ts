/** Who asks (authentication.k8s.io UserInfo). */
export interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const AUTHENTICATED = 'system:authenticated';
/** All-powerful, whatever the roles say. */
export const MASTERS = 'system:masters';
