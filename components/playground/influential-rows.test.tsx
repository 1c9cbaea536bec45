import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { SourceRow } from '#components/receipts/source-rows.tsx';
import { nothingOff } from '#lib/kernel/answer-payout.ts';
import { InfluentialRows } from './influential-rows.tsx';
import type { Issued } from './sources-of.ts';

const issued = { body: { attribution: { method: 'of a test/1' }, datanet: { number: 3 } } } as unknown as Issued;
const switches = { off: nothingOff, isAny: false, row() {}, contributor() {}, datanet() {}, reset() {} };
const contributor = `0x${'1'.repeat(40)}` as const;
const roles = [{ role: 'collect' as const, account: contributor, sharePpm: 1 }];
const credit = { influencePpm: 1, sharePpm: 1, sigmas: 4_000, roles };

function draw(count: number): string {
  const influential = Array.from({ length: count }, (_, i): SourceRow => {
    const data = { question: `row number ${i}` };
    return { exampleId: `ex_${i}`, contributor, credit, data, datanetSlug: null, matches: 0 };
  });
  const sources = { influential, matching: new Map() };
  return renderToStaticMarkup(
    <InfluentialRows issued={issued} sources={sources} switches={switches} itemId={(id) => id} />,
  );
}

it.each([
  [0, 0, null],
  [5, 5, null],
  [6, 5, 'Show 1 more'],
  [30, 5, 'Show 25 more'],
  [31, 5, 'Show 25 more of 26'],
])('of %i rows %i stand at first', (count, shown, button) => {
  const html = draw(count);
  expect(html.match(/row number \d+/g) ?? []).toHaveLength(shown);
  expect(/Show[^<]*/.exec(html)?.[0] ?? null).toBe(button);
  expect(html.includes('No confident source')).toBe(count === 0);
});
