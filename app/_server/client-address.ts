import { randomUUID } from 'node:crypto';
import { isIPv6 } from 'node:net';

/**
 * Name of the header that carries the socket's address (`recordPeerAddress` writes it). It is drawn anew in each process,
 * so no client can send one, not even while the server starts. On globalThis because Next bundles this module repeatedly.
 */
export function peerHeader(): string {
  const shared = globalThis as typeof globalThis & { openledgerPeerHeader?: string };
  shared.openledgerPeerHeader ??= `x-openledger-peer-${randomUUID()}`;
  return shared.openledgerPeerHeader;
}

/**
 * Network address that a request comes from. Each proxy appends the address that it saw to `x-forwarded-for`, so only as many
 * entries from the end are believed as there are proxies of ours; what stands before them is the caller's own writing. With
 * no proxy (`trustedHops` 0) the socket decides. An IPv6 address counts as its /64, which is what one customer is given
 * (RFC 6177), so that it cannot be changed for each request.
 *
 * @returns `unknown` where no socket was recorded: then all such callers share one quota
 */
export function clientAddress(headers: Headers, trustedHops: number): string {
  const peer = headers.get(peerHeader());
  if (!peer) return 'unknown';
  const forwarded = headers.get('x-forwarded-for')?.split(',') ?? [];
  const chain = [...forwarded.map((entry) => entry.trim()), peer];
  return subscriberOf(chain.at(-1 - trustedHops) ?? chain[0]!);
}

/** Whether the request was sent on this machine with no proxy between, whatever `trustedHops` is. */
export function isDirectFromLoopback(headers: Headers): boolean {
  const peer = headers.get(peerHeader()) ?? '';
  const isLoopback = /^(::ffff:)?127\./.test(peer) || peer === '::1';
  // Next fills in x-forwarded-for with the peer when nobody sent one.
  return isLoopback && [null, peer].includes(headers.get('x-forwarded-for'));
}

function subscriberOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: gap }, () => '0'), ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
