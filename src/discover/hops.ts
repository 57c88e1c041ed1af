/** Initial TTLs that systems and multicast applications use (RFC 1112's scopes, 64 and 255 of most systems, 128 of Windows). */
const INITIAL_TTLS = [1, 2, 4, 8, 16, 32, 64, 128, 255];

/** How far a sender may be, told from a TTL. */
export interface HopEstimate {
  /** TTL as it arrived. */
  readonly ttl: number;
  /** The nearest usual TTL that it may have started with. */
  readonly initial: number;
  /** Routers between, when it started with that; an estimate, because a sender may choose any TTL. */
  readonly hops: number;
}

/** Estimate for a TTL or hop limit of 0 … 255. */
export function estimateHops(ttl: number): HopEstimate {
  const initial = INITIAL_TTLS.find((value) => value >= ttl) ?? 255;
  return { ttl, initial, hops: ttl === 0 ? 0 : initial - ttl };
}
