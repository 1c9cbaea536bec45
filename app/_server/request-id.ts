import 'server-only';
import { randomBytes } from 'node:crypto';

/** Names one request in the answer and in the log, so that an operator finds what a person reports. */
export function newRequestId(): string {
  return `req_${randomBytes(9).toString('hex')}`;
}
