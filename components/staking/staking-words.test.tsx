import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { PoolsTable } from './pools-table.tsx';
import { SlashTable } from './slash-table.tsx';
import { WorstCase } from './stake-form.tsx';
import { UnbondingTimeline } from './unbonding-timeline.tsx';

const open = 10n ** 18n;
const text = (html: string) => html.replace(/<[^>]+>/g, '').replace(/&#x27;/g, '’');
const at = Date.UTC(2030, 0, 8);

describe('UnbondingTimeline', () => {
  it.each([
    [-7 * 86_400_000, 'in 7 days', 'aria-valuenow="0"'],
    [-1_000, 'in 1 second', 'aria-valuenow="100"'],
    [0, 'can be withdrawn since', 'aria-valuenow="100"'],
    [10 ** 10, 'can be withdrawn since', 'aria-valuenow="100"'],
  ])('%i ms from the end says "%s"', (offset, words, bar) => {
    const html = renderToStaticMarkup(
      <UnbondingTimeline
        unbondingWei={40n * open}
        withdrawableAt={new Date(at)}
        unbondingSeconds={7 * 86_400}
        nowMs={at + offset}
      />,
    );
    expect(text(html)).toContain(words);
    expect(html).toContain(bar);
    expect(text(html)).not.toMatch(/-\d/);
  });
});

describe('WorstCase', () => {
  it('names amounts, shares and times before anything is signed', () => {
    const terms = {
      ...{ slashableBps: 3_000, monthBps: 5_000, monthSeconds: 30 * 86_400, unbondingSeconds: 7 * 86_400 },
      ...{ heldUntil: null, stream: null },
    };
    const said = text(renderToStaticMarkup(<WorstCase stakeWei={100n * open} terms={terms} />));
    expect(said).toMatch(/may take 30\sOPEN \(30 %\) of this at once, also while you are leaving/);
    expect(said).toMatch(/several within 30 days may take 50\sOPEN \(50 %\)/);
    expect(said).toMatch(/Leaving takes 7 days, and with an open dispute at most 30 days/);
  });
});

describe('PoolsTable', () => {
  it('keeps fees and emissions apart, and promises nothing where nobody is staked', () => {
    const pool = {
      ...({ pool: `0x01${'0'.repeat(62)}`, kind: 'datanet', id: '7', name: 'Datanet 7', href: null } as const),
      ...{ unbondingWei: 0n, isClosed: false, slashCount: 2, paidIn: { feesWei: 3n * open, emissionsWei: 6n * open } },
    };
    const staked = text(
      renderToStaticMarkup(<PoolsTable label="Pools" pools={[{ ...pool, stakedWei: 365n * open }]} />),
    );
    expect(staked).toContain('10 %20 %2×');
    const empty = text(renderToStaticMarkup(<PoolsTable label="Pools" pools={[{ ...pool, stakedWei: 0n }]} />));
    expect(empty).toContain('––');
  });
});

describe('SlashTable', () => {
  it('reads a reason that is text and shows one that is a hash as such', () => {
    const slash = {
      ...({ account: null, by: `0x${'1'.repeat(40)}`, to: `0x${'2'.repeat(40)}`, bps: 500, takenWei: open } as const),
      ...({ txHash: `0x${'3'.repeat(64)}`, at: null } as const),
    };
    const reason = `0x${Buffer.from('false verdict').toString('hex').padEnd(64, '0')}` as const;
    const names = { [slash.by]: 'the court' };
    const html = renderToStaticMarkup(<SlashTable slashes={[{ ...slash, reason }]} names={names} />);
    expect(text(html)).toMatch(/everybody in it5 %1\sOPENthe courtfalse verdict/);
    const hash = `0x${'9'.repeat(64)}` as const;
    expect(text(renderToStaticMarkup(<SlashTable slashes={[{ ...slash, reason: hash }]} names={names} />))).toContain(
      '0x999999…9999',
    );
  });
});
