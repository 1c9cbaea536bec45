import { and, desc, eq, gt, inArray, isNull, ne } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { harmContributors, harmFlagRows, harmFlags, harmMeasurements } from '#db/schema/lineage.ts';
import { type AdapterRows, findTrainingSet } from '#lib/model-factory/find-training-set.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import {
  type Contradiction,
  chooseProbes,
  contributorsMin,
  findContradictions,
  isLow,
  probesMin,
  type QuestionedRow,
  type Spread,
  spreadOf,
  usualNorms,
} from './rules.ts';
import type { HarmEngine, HarmEvidence, Probe, ProbesEvidence, RowEffect } from './types.ts';

type MeasureDeps = Pick<Deps, 'db' | 'store' | 'now' | 'randomBytes'>;
type Net = { contributor: `0x${string}`; rows: number; net: bigint };

/** Rows named as evidence against a contributor. */
const worstMax = 10;
/** Rows with an older row against them that are looked at, the oldest first. */
const contradictionsMax = 256;
/** PostgreSQL takes 65,535 parameters a statement. */
const rowsAnInsert = 5000;

/**
 * Holds every trained row of an adapter against trusted answers of other people, writes the sums by contributor into the harm
 * ledger, and raises flags: for contributors who were far below the others in this and the previous measurement of the
 * Datanet, and for rows that contradict an older one. A flag is a question to curators; money and versions stay as they are.
 * Runs as a job once an adapter; a second time changes nothing. Versions with fewer than 64 rows are too small to tell; they
 * and adapters that cannot be measured here are noted with 0 probes.
 */
export async function measureHarm(
  deps: MeasureDeps,
  engine: HarmEngine,
  adapterId: string,
  signal: AbortSignal,
): Promise<void> {
  const [before] = await deps.db.select().from(harmMeasurements).where(eq(harmMeasurements.adapterId, adapterId));
  if (before) return;
  const set = await findTrainingSet(deps, adapterId);
  if (!set) return;
  const groups = groupsOf(set);
  const holdAgainst = async (rows: readonly Probe['row'][]) => {
    const probes = rows.map((row) => ({ row, group: groups[row.id]! }));
    return probes.length > 0 ? await engine({ adapterId, probes, groupOf: groups, signal }) : null;
  };
  const probed = chooseProbes<Probe['row']>(set.heldOut, set.train);
  const measured = await holdAgainst(probed);
  const [probes, effects] = measured ? [probed.length, measured] : [0, []];
  const contradictions = measured ? findContradictions(questionsOf(set, groups)).slice(0, contradictionsMax) : [];
  const learnt = withOthers(set.train, new Set(contradictions.map(({ olderId }) => olderId)));
  const onLearnt = contradictions.length > 0 ? ((await holdAgainst(learnt)) ?? []) : [];
  const nets = sumByContributor(set, effects);
  const spread = spreadOf(nets);
  await deps.db.transaction(async (tx) => {
    const measurement = {
      adapterId,
      datanetId: set.datanetId,
      probes,
      rows: effects.length,
      medianScore: spread.median,
      madScore: spread.mad,
      measuredAt: deps.now(),
    };
    const inserted = await tx.insert(harmMeasurements).values(measurement).onConflictDoNothing().returning();
    if (inserted.length === 0) return; // another worker was faster
    for (let i = 0; i < nets.length; i += rowsAnInsert) {
      const part = nets.slice(i, i + rowsAnInsert);
      await tx.insert(harmContributors).values(part.map(({ net, ...rest }) => ({ adapterId, netScore: net, ...rest })));
    }
    const context = { deps, tx, adapterId, set, effects, probes };
    await flagContributors(context, nets, spread);
    await flagContradictions({ ...context, probes: learnt.length }, contradictions, onLearnt);
  });
}

type Context = {
  deps: MeasureDeps;
  tx: DatabaseOrTransaction;
  adapterId: string;
  set: AdapterRows;
  effects: readonly RowEffect[];
  probes: number;
};

/** A number for each contributor, by row id. */
function groupsOf({ contributors }: AdapterRows): Record<string, number> {
  const numbers = new Map<string, number>();
  const groups: Record<string, number> = {};
  for (const [id, contributor] of contributors) {
    if (!numbers.has(contributor)) numbers.set(contributor, numbers.size);
    groups[id] = numbers.get(contributor)!;
  }
  return groups;
}

function sumByContributor({ contributors }: AdapterRows, effects: readonly RowEffect[]): Net[] {
  const nets = new Map<string, Net>();
  for (const { exampleId, net } of effects) {
    const contributor = contributors.get(exampleId);
    if (!contributor) continue;
    const sum = nets.get(contributor) ?? { contributor, rows: 0, net: 0n };
    nets.set(contributor, { contributor, rows: sum.rows + 1, net: sum.net + net });
  }
  return [...nets.values()].sort((a, b) => (a.contributor < b.contributor ? -1 : 1));
}

/** The trained rows that are contradicted, and as many others as it takes to compare with. */
function withOthers(train: AdapterRows['train'], older: ReadonlySet<string>): AdapterRows['train'] {
  const others = train.filter(({ id }) => !older.has(id)).slice(0, probesMin);
  return [...train.filter(({ id }) => older.has(id)), ...others];
}

/** Trained rows as question and answer, in the order of contribution. */
function questionsOf({ train, contributors }: AdapterRows, groups: Record<string, number>): QuestionedRow[] {
  const texts = new Map(train.map(({ id, messages }) => [id, messages]));
  const said = (id: string, isAnswer: boolean): string =>
    texts
      .get(id)!
      .filter(({ role }) => (role === 'assistant') === isAnswer)
      .map(({ content }) => content)
      .join('\n');
  return [...contributors.keys()]
    .filter((id) => texts.has(id))
    .map((id) => ({ id, group: groups[id]!, question: said(id, false), answer: said(id, true) }));
}

/** Low now and low in the measurement before, of whatever adapter of the Datanet that was. */
async function flagContributors(context: Context, nets: readonly Net[], spread: Spread): Promise<void> {
  const low = nets.length < contributorsMin ? [] : nets.filter((net) => isLow(net, spread));
  const previous = low.length > 0 ? await findPrevious(context) : null;
  for (const { contributor, rows, net } of low) {
    const then = previous?.nets.get(contributor);
    if (!previous || then === undefined || !isLow({ net: then }, previous.spread)) continue;
    const worst = context.effects
      .filter((row) => row.net < 0n && context.set.contributors.get(row.exampleId) === contributor)
      .sort((a, b) => (a.net < b.net ? -1 : 1))
      .slice(0, worstMax);
    const evidence: ProbesEvidence = {
      kind: 'probes',
      ...{ probes: context.probes, rows, net: `${net}`, median: `${spread.median}`, mad: `${spread.mad}` },
      previous: {
        adapterId: previous.adapterId,
        ...{ net: `${then}`, median: `${previous.spread.median}`, mad: `${previous.spread.mad}` },
      },
      worst: worst.map((row) => ({
        ...{ exampleId: row.exampleId, worstProbe: row.worstProbe },
        ...{ net: `${row.net}`, worst: `${row.worst}` },
      })),
    };
    if (await hasOpenFlag(context, contributor)) continue;
    const subjectKey = `${contributor}:${context.adapterId}`;
    await raise(context, { contributor, subjectKey, evidence, rows: worst.map((row) => row.exampleId) });
  }
}

async function findPrevious({ tx, set, adapterId }: Context) {
  const [newest] = await tx
    .select()
    .from(harmMeasurements)
    .where(
      and(
        eq(harmMeasurements.datanetId, set.datanetId),
        ne(harmMeasurements.adapterId, adapterId),
        gt(harmMeasurements.probes, 0),
      ),
    )
    .orderBy(desc(harmMeasurements.measuredAt), desc(harmMeasurements.adapterId))
    .limit(1);
  if (!newest) return null;
  const nets = await tx.select().from(harmContributors).where(eq(harmContributors.adapterId, newest.adapterId));
  return {
    adapterId: newest.adapterId,
    spread: { median: newest.medianScore, mad: newest.madScore },
    nets: new Map(nets.map((net) => [net.contributor, net.netScore])),
  };
}

async function hasOpenFlag({ tx, set }: Context, contributor: string): Promise<boolean> {
  const open = await tx
    .select({ id: harmFlags.id })
    .from(harmFlags)
    .where(
      and(
        eq(harmFlags.contributor, contributor),
        eq(harmFlags.datanetId, set.datanetId),
        eq(harmFlags.kind, 'probes'),
        isNull(harmFlags.decision),
      ),
    )
    .limit(1);
  return open.length > 0;
}

async function flagContradictions(
  context: Context,
  contradictions: readonly Contradiction[],
  onLearnt: readonly RowEffect[],
): Promise<void> {
  const effects = new Map(onLearnt.map((row) => [row.exampleId, row]));
  const norms = usualNorms(onLearnt.flatMap(({ gradientNorm }) => gradientNorm ?? []));
  const thousandths = (norm: number) => Math.round(norm * 1000);
  for (const { id, olderId } of contradictions) {
    const {
      worstProbe,
      worst,
      gradientNorm: own,
    } = effects.get(id) ?? { worstProbe: null, worst: 0n, gradientNorm: null };
    const isAgainst = worstProbe === olderId;
    if (!isAgainst && !(own !== null && own > norms.most)) continue;
    await raise(context, {
      contributor: context.set.contributors.get(id)!,
      subjectKey: id, // a curator decides once about a row and its contradiction
      evidence: {
        ...{ kind: 'conflict', olderId, probes: context.probes, lowered: isAgainst ? `${worst}` : null },
        norm: own === null ? null : { own: thousandths(own), middle: thousandths(norms.middle) },
      },
      rows: [id],
    });
  }
}

type NewFlag = { contributor: string; subjectKey: string; evidence: HarmEvidence; rows: string[] };

/** Rows that stand in the Datanet no more are no matter of review. */
async function raise({ deps, tx, adapterId, set }: Context, { evidence, rows, ...flag }: NewFlag): Promise<void> {
  const standing = await tx
    .select({ id: examples.id })
    .from(examples)
    .where(and(inArray(examples.id, rows), eq(examples.status, 'accepted')));
  if (standing.length === 0) return;
  const id = newId(deps, 'harmFlag');
  const { kind } = evidence;
  const row = { ...flag, id, kind, adapterId, datanetId: set.datanetId, evidence, createdAt: deps.now() };
  const inserted = await tx.insert(harmFlags).values(row).onConflictDoNothing().returning({ id: harmFlags.id });
  if (inserted.length === 0) return;
  await tx.insert(harmFlagRows).values(standing.map((example) => ({ flagId: id, exampleId: example.id })));
}
