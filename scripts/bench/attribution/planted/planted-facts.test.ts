import { expect, test } from 'vitest';
import { findCopies } from '#lib/engine/attribution/clusters/find-copies.ts';
import { plantedFacts } from './planted-facts.ts';
import { relations } from './planted-words.ts';

const keyOf = ({ subject, relation }: { subject: string; relation: number }): string => `${subject}|${relation}`;

test('a world is a function of its seed: contributors of several sizes, rows that are hardly ever copies, facts told twice', () => {
  const { rows, queries } = plantedFacts({ seed: 'a' });
  expect(plantedFacts({ seed: 'a' })).toEqual({ rows, queries });
  expect(plantedFacts({ seed: 'b' }).rows).not.toEqual(rows);
  expect(rows).toHaveLength(320);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(320);
  const sizes = [...Map.groupBy(rows, ({ contributor }) => contributor).values()].map((own) => own.length);
  expect(sizes).toHaveLength(20);
  expect(Math.max(...sizes)).toBeGreaterThan(3 * Math.min(...sizes));
  // Where a retelling has no word that older answers lack, it is one to the product's rule; the bench trains on all rows.
  expect(findCopies(rows.map(({ id, messages }) => ({ id, messages }))).length).toBeLessThan(4);
  const tellers = Map.groupBy(
    rows.flatMap(({ facts, contributor }) => facts.map((fact) => ({ contributor, key: keyOf(fact) }))),
    ({ key }) => key,
  );
  const twice = [...tellers.values()].filter((told) => told.length === 2);
  expect(twice.length).toBeGreaterThan(40);
  expect(twice.every(([one, other]) => one!.contributor !== other!.contributor)).toBe(true);
  expect(queries).toHaveLength(64);
  expect(queries.filter(({ isReworded }) => isReworded)).toHaveLength(32);
  for (const { messages, isReworded } of queries) {
    expect(rows.some((row) => row.messages[0]!.content === messages[0]!.content)).toBe(!isReworded);
  }
});

test('planted mistakes contradict rows that stay, and nothing else does', () => {
  const { rows } = plantedFacts({ seed: 'a', wrongShare: 0.1, tellers: 3 });
  const told = rows.flatMap(({ facts, isWrong }) => facts.map((fact) => ({ ...fact, isWrong })));
  expect(rows.filter(({ isWrong }) => isWrong)).toHaveLength(32);
  for (const about of Map.groupBy(told, keyOf).values()) {
    const right = new Set(about.filter(({ isWrong }) => !isWrong).map(({ object }) => object));
    expect(right.size).toBe(1);
    for (const { object, relation } of about.filter(({ isWrong }) => isWrong)) {
      expect(right).not.toContain(object);
      expect(relations[relation]!.objects).toContain(object);
    }
  }
});
