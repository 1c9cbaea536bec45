import { createHash, createHmac } from 'node:crypto';

/** SHA-256 of a session token or API key in hexadecimal. They hold 256 random bits, so no salt or slow hash is needed. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Stands for a visitor in limits and quotas without storing the network address. `secret` is SESSION_SECRET. */
export function hashVisitor(secret: string, ip: string): string {
  return createHmac('sha256', secret).update(`visitor:${ip}`).digest('hex').slice(0, 32);
}
