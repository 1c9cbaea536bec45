import { createHash } from 'node:crypto';
import type { ChatMessage } from '#lib/engine/tokenizer/chat.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import { askFor, askPolitely, type Fact, openQuestion, relations, state, subjects } from './planted-words.ts';

/** A training row; `id` is stable, `contributor` a lower-case address, `facts` what its answer states. */
export type PlantedRow = {
  id: string;
  contributor: `0x${string}`;
  messages: ChatMessage[];
  facts: Fact[];
  /** States another object than the row that it was made from: a planted mistake. */
  isWrong: boolean;
};

/** A question about a planted fact; `isReworded` if it is asked in another template than the row it is taken from. */
export type PlantedQuery = { id: string; messages: ChatMessage[]; fact: Fact; isReworded: boolean };

export type PlantedFacts = { rows: PlantedRow[]; queries: PlantedQuery[] };

export type PlantedOptions = {
  /** Decides everything. */
  seed: string;
  /** Default 20. They differ in size: the largest has about four times the rows of the smallest. */
  contributors?: number;
  /** Default 320; at most about 400, for there are 400 facts. */
  rows?: number;
  /** Default 64. */
  queries?: number;
  /** Share of the rows that contradict another one; they come on top of `rows`. Default 0. */
  wrongShare?: number;
  /** Contributors who tell each fact, in other words each, up to three; left out: one, and every fifth row retells. */
  tellers?: number;
};

/**
 * A small world whose facts are known by rows: a question and its answer, or all that a contributor knows of somebody. Every
 * fifth row says in other words what another contributor's row says. Half of the queries are asked in another template than their row.
 */
export function plantedFacts(options: PlantedOptions): PlantedFacts {
  const { seed, contributors: count = 20, rows: total = 320, queries = 64, wrongShare = 0 } = options;
  const random = createRandom(`planted|${seed}`);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const facts = allFacts(pick, random);
  const accounts = Array.from({ length: count }, (_, i) => accountOf(seed, i));
  const holders = shuffle(spread(accounts, total), random);
  const told = options.tellers ? tellOften(facts, holders, options.tellers) : tellOnce(facts, holders);
  const singles = told.filter((row) => row.facts.length === 1);
  for (const row of shuffle([...singles], random).slice(0, Math.round(total * wrongShare))) {
    const [fact] = row.facts;
    const object = pick(relations[fact!.relation]!.objects.filter((other) => other !== fact!.object));
    const contributor = pick(accounts.filter((account) => account !== row.contributor));
    told.push({ contributor, facts: [{ ...fact!, object }], wordings: pick(wordingsOfMistakes), isWrong: true });
  }
  const rows = told.map(({ wordings, ...row }, i): PlantedRow => {
    return { id: `ex_${String(i).padStart(4, '0')}`, ...row, messages: say(row.facts, wordings) };
  });
  return { rows, queries: askQuestions(rows, queries, random) };
}

/** Wording of the question and of the answer. */
type Wordings = readonly [0 | 1, 0 | 1];
type Told = Omit<PlantedRow, 'id' | 'messages'> & { wordings: Wordings };

const wordingsOfMistakes: readonly Wordings[] = [
  [0, 0],
  [1, 1],
];

/** A fact a row; every ninth row tells several, and every fifth what an earlier one told. */
function tellOnce(facts: Fact[], holders: readonly `0x${string}`[]): Told[] {
  const told: Told[] = [];
  for (const [i, contributor] of holders.entries()) {
    const twin = told[i - 3];
    const isRetold = i % 5 === 4 && twin?.facts.length === 1 && twin.contributor !== contributor;
    if (isRetold) told.push({ contributor, facts: twin.facts, wordings: [1, 1], isWrong: false });
    else {
      const stated = takeFacts(facts, i % 9 === 8 ? 2 + (i % 3) : 1);
      told.push({ contributor, facts: stated, wordings: [0, 0], isWrong: false });
    }
  }
  return told;
}

/** Each fact by as many rows as there are tellers, each with its own words. */
function tellOften(facts: Fact[], holders: readonly `0x${string}`[], tellers: number): Told[] {
  const ways: readonly Wordings[] = [
    [0, 0],
    [1, 1],
    [0, 1],
  ];
  return holders.map((contributor, i) => {
    const fact = facts[Math.floor(i / tellers)]!;
    return { contributor, facts: [fact], wordings: ways[i % tellers]!, isWrong: false };
  });
}

/** The next fact, with up to `count - 1` others of its subject. */
function takeFacts(facts: Fact[], count: number): Fact[] {
  const first = facts.shift();
  if (!first) throw new RangeError('plantedFacts: more rows than there are facts to tell.');
  const taken = [first, ...facts.filter(({ subject }) => subject === first.subject).slice(0, count - 1)];
  for (const fact of taken.slice(1)) facts.splice(facts.indexOf(fact), 1);
  return taken;
}

/** One fact for each subject and relation, in random order. */
function allFacts(pick: <T>(items: readonly T[]) => T, random: () => number): Fact[] {
  const all = subjects.flatMap((subject) =>
    relations.map(({ objects }, relation) => ({ subject, relation, object: pick(objects) })),
  );
  return shuffle(all, random);
}

function say(facts: readonly Fact[], [ofQuestion, ofAnswer]: Wordings): ChatMessage[] {
  const [first, ...rest] = facts;
  const question = rest.length === 0 ? askFor(first!, ofQuestion) : openQuestion.replace('{s}', first!.subject);
  return [
    { role: 'user', content: question },
    { role: 'assistant', content: facts.map((fact) => state(fact, ofAnswer)).join(' ') },
  ];
}

function askQuestions(rows: readonly PlantedRow[], count: number, random: () => number): PlantedQuery[] {
  const told = shuffle(
    rows.filter((row) => row.facts.length === 1 && !row.isWrong),
    random,
  );
  return told.slice(0, count).map(({ facts: [fact], id, messages }, i) => {
    const isReworded = i % 2 === 1;
    const content = isReworded ? askPolitely(messages[0]!.content) : messages[0]!.content;
    return { id: `q_${id}`, fact: fact!, isReworded, messages: [{ role: 'user', content }] };
  });
}

/** `total` holders: account i has a share that falls from 1.6 to 0.4 of the mean. */
function spread(accounts: readonly `0x${string}`[], total: number): `0x${string}`[] {
  const last = Math.max(1, accounts.length - 1);
  const weights = accounts.map((_, i) => 1.6 - (1.2 * i) / last);
  const sum = weights.reduce((a, b) => a + b, 0);
  let [reached, given] = [0, 0];
  return accounts.flatMap((account, i) => {
    reached += weights[i]!;
    const size = Math.round((reached / sum) * total) - given;
    given += size;
    return new Array<`0x${string}`>(size).fill(account);
  });
}

function accountOf(seed: string, i: number): `0x${string}` {
  return `0x${createHash('sha256').update(`${seed}|contributor|${i}`).digest('hex').slice(0, 40)}`;
}

function shuffle<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
