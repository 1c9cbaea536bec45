import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { constants, crc32, deflateRawSync } from 'node:zlib';

const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty last block: what stands before it ends on a byte. */
const gzipLast = Buffer.from([3, 0]);
const policyHeader = 'content-security-policy';

type Part = { plain: Buffer; packed: Buffer };

/**
 * A page as it was sent to a visitor, ready to be sent to the next with a nonce of its own (ASVS 3.4.3). It is kept packed:
 * what stands between two nonces is compressed once, and a nonce goes between as a stored block (RFC 1951 §3.2.4), so that a
 * page from the cache costs a checksum and no compression.
 */
export class KeptPage {
  readonly bytes: number;
  private readonly parts: readonly Part[];
  private readonly headers: OutgoingHttpHeaders;
  private readonly nonce: string;

  /** @param headers of the answer, lower-case; its policy names the nonce */
  constructor(headers: OutgoingHttpHeaders, body: Buffer) {
    this.headers = headers;
    this.nonce = /'nonce-([^']+)'/.exec(String(headers[policyHeader]))?.[1] ?? '';
    this.parts = (this.nonce === '' ? [body] : split(body, Buffer.from(this.nonce))).map((plain) => ({
      plain,
      packed: deflateRawSync(plain, { level: 6, finishFlush: constants.Z_FULL_FLUSH }),
    }));
    this.bytes = this.parts.reduce((sum, { plain, packed }) => sum + plain.length + packed.length, 0);
  }

  /** The answer for one visitor, with a nonce that was never used before. */
  answer(acceptsGzip: boolean): { headers: OutgoingHttpHeaders; body: Buffer } {
    const nonce = randomBytes(18).toString('base64');
    const policy = String(this.headers[policyHeader]).replaceAll(this.nonce, nonce);
    const body = acceptsGzip ? this.pack(Buffer.from(nonce)) : join(this.parts, 'plain', Buffer.from(nonce));
    const headers = { ...this.headers, ...(this.nonce !== '' && { [policyHeader]: policy }) };
    return {
      headers: { ...headers, 'content-length': body.length, ...(acceptsGzip && { 'content-encoding': 'gzip' }) },
      body,
    };
  }

  private pack(nonce: Buffer): Buffer {
    const stored = Buffer.alloc(5 + nonce.length);
    stored.writeUInt16LE(nonce.length, 1);
    stored.writeUInt16LE(~nonce.length & 0xffff, 3);
    nonce.copy(stored, 5);
    let [checksum, length] = [0, 0];
    for (const [i, { plain }] of this.parts.entries()) {
      if (i > 0) checksum = crc32(nonce, checksum);
      checksum = crc32(plain, checksum);
      length += plain.length + (i > 0 ? nonce.length : 0);
    }
    const foot = Buffer.alloc(8);
    foot.writeUInt32LE(checksum, 0);
    foot.writeUInt32LE(length >>> 0, 4);
    return Buffer.concat([gzipHead, join(this.parts, 'packed', stored), gzipLast, foot]);
  }
}

function split(body: Buffer, mark: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, from)) {
    parts.push(body.subarray(from, at));
    from = at + mark.length;
  }
  return [...parts, body.subarray(from)];
}

function join(parts: readonly Part[], side: keyof Part, between: Buffer): Buffer {
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part[side]] : [between, part[side]])));
}
