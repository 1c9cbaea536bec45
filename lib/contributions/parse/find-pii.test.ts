import { describe, expect, it } from 'vitest';
import { findPii, redactPii } from './find-pii.ts';

const found = (text: string) => findPii({ text }).map(({ kind, start, end }) => [kind, text.slice(start, end)]);
const seed = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

describe('findPii', () => {
  it.each([
    ['Write to jane.doe+news@mail.acme-shop.co.uk today', 'e-mail', 'jane.doe+news@mail.acme-shop.co.uk'],
    ['Schreib an jürgen@bücher.de', 'e-mail', 'jürgen@bücher.de'],
    ['Call +44 20 7946 0958 now', 'phone', '+44 20 7946 0958'],
    ['Call (212) 555-0187.', 'phone', '(212) 555-0187'],
    ['Ring 0171 4960123', 'phone', '0171 4960123'],
    ['Card 4111 1111 1111 1111 was used', 'card', '4111 1111 1111 1111'],
    ['Card 378282246310005 was used', 'card', '378282246310005'],
    ['AKIAIOSFODNN7EXAMPLE leaked', 'secret', 'AKIAIOSFODNN7EXAMPLE'],
    [`the private key is 0x${'ab'.repeat(32)}`, 'secret', `0x${'ab'.repeat(32)}`],
    [`Back up: ${seed}`, 'seed-words', seed],
    [
      `1. legal 2. winner 3. thank 4. year 5. wave 6. sausage 7. worth 8. useful 9. legal 10. winner 11. thank 12. yellow`,
      'seed-words',
      'legal 2. winner 3. thank 4. year 5. wave 6. sausage 7. worth 8. useful 9. legal 10. winner 11. thank 12. yellow',
    ],
  ])('finds it in %j', (text, kind, span) => {
    expect(found(text)).toEqual([[kind, span]]);
  });

  it('finds a PEM key with its body', () => {
    const pem = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----';
    expect(found(`key:\n${pem}\nend`)).toEqual([['secret', pem]]);
  });

  it.each([
    'Mail to abuse@example.com or ops@corp.test is never read',
    'The host 192.168.100.200 answered on port 8080',
    'On 2026-11-21 the pool held 1,234,567,890 tokens and 1000000000000000000 wei',
    'Card 4111 1111 1111 1112 fails its check digit',
    `The SHA-256 of the sample is ${'9f'.repeat(32)}`,
    'Section 12.3.4 of ISO 27001:2022, pages 100-200, costs 99.99',
    'They have about the same order of able people and they can make good use of all that they find there',
    'CVE-2024-3094 was found on 29 March 2024 at 16:05:30',
  ])('leaves %j alone', (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('redactPii', () => {
  it('replaces each finding by its kind and nothing else', () => {
    const row = { prompt: 'Who is a@b.io?', completion: 'Ask c@d.io or +44 20 7946 0958.' };
    const redacted = redactPii(row, findPii(row));
    expect(redacted).toEqual({ prompt: 'Who is [e-mail]?', completion: 'Ask [e-mail] or [phone].' });
    expect(findPii(redacted)).toEqual([]);
  });
});
