import { describe, expect, it } from 'vitest';
import { findCopies } from '#lib/engine/attribution/clusters/find-copies.ts';
import { findRowCopies, type RowWithPast } from './find-row-copies.ts';
import type { CopyOf, TrainingRow } from './training-engine.ts';

const engine = { findCopies: async (rows: TrainingRow[]): Promise<CopyOf[]> => findCopies(rows) };
const text = (id: string, answer: string): TrainingRow => ({
  id,
  messages: [
    { role: 'user', content: 'When was the old bridge over the river opened?' },
    { role: 'assistant', content: answer },
  ],
});
const row = (id: string, answer: string, formerly: TrainingRow[] = []): RowWithPast => {
  return { row: text(id, answer), formerly };
};
const copies = async (rows: RowWithPast[]) => (await findRowCopies(engine, rows)).map(({ id, copyOf }) => [id, copyOf]);

const typo = 'The bridge was opend by the mayor of the town in the spring of 1897, after nine years of work.';
const clean = typo.replace('opend', 'opened');
const other = 'Nobody knows, because the archive of the council burnt down with all of its papers in 1911.';
const third = 'In the autumn of 1902, says the plate at its northern end, which is older than the road there.';

describe('findRowCopies', () => {
  it('keeps a copy of a replaced text a copy, and the row that took its place an original', async () => {
    const copy = row('ex_2', `${typo} So.`);
    expect(await copies([row('ex_1', typo), copy])).toEqual([['ex_2', 'ex_1']]);
    expect(await copies([copy, row('ex_3', clean, [text('ex_1', typo)])])).toEqual([['ex_2', 'ex_3']]);
    expect(await copies([copy, row('ex_3', other, [text('ex_1', typo)])])).toEqual([['ex_2', 'ex_3']]);
  });

  it('lets nobody carry an old place to the words of somebody else', async () => {
    const victim = row('ex_2', other);
    const thief = row('ex_3', `${other} So.`, [text('ex_1', typo)]);
    expect(await copies([victim, thief])).toEqual([['ex_3', 'ex_2']]);
    const bySteps = [text('ex_1', typo), text('ex_3', clean)];
    expect(await copies([victim, row('ex_4', `${other} So.`, bySteps)])).toEqual([['ex_4', 'ex_2']]);
  });

  it('leaves the copy of an older row a copy when it is cleaned, and what copied it with the original', async () => {
    const cleaned = row('ex_4', clean, [text('ex_2', `${typo} So.`)]);
    expect(await copies([row('ex_1', typo), row('ex_3', `${typo} So so.`), cleaned])).toEqual([
      ['ex_3', 'ex_1'],
      ['ex_4', 'ex_1'],
    ]);
  });

  it('follows a row that became a copy of another one, also when two exchanged their texts', async () => {
    const late = row('ex_3', `${typo} So.`);
    const became = row('ex_5', `${other} So.`, [text('ex_1', typo)]);
    expect(await copies([row('ex_2', other), late, became])).toEqual([
      ['ex_3', 'ex_2'],
      ['ex_5', 'ex_2'],
    ]);
    const exchanged = [row('ex_3', `${other} So.`, [text('ex_1', typo)]), row('ex_4', clean, [text('ex_2', other)])];
    expect(await copies([...exchanged, row('ex_5', third)])).toEqual([]);
  });

  it('changes nothing where nothing was replaced', async () => {
    const rows = [typo, other, `${typo} So.`, third].map((answer, i) => row(`ex_${i}`, answer));
    expect(await findRowCopies(engine, rows)).toEqual(findCopies(rows.map((unit) => unit.row)));
  });
});
