import { createHash } from 'node:crypto';
import type { ChatMessage } from '#lib/engine/tokenizer/chat.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import { askFor, type Fact, openQuestion, relations, state, subjects } from './planted-words.ts';

/** A training row; `id` is stable, `contributor` a lower-case address, `facts` what its answer states. */
export type PlantedRow = {
  id: string;
  contributor: `0x${string}`;
  messages: ChatMessage[];
  facts: Fact[];
  /** States another object than the row that it was made from: a planted mistake. */
  isWrong: boolean;
};

/** A question about a planted fact; `isReworded` if it is asked in other words than those of the row it is taken from. */
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
};

/**
 * A small world whose facts are known by rows: a question and its answer, or all that a contributor knows of somebody. Every
 * fifth row says in other words what another contributor's row says. Half of the queries are asked in other words than their row.
 */
export function plantedFacts(options: PlantedOptions): PlantedFacts {
  const { seed, contributors: count = 20, rows: total = 320, queries = 64, wrongShare = 0 } = options;
  const random = createRandom(`planted|${seed}`);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const facts = allFacts(pick, random);
  const accounts = Array.from({ length: count }, (_, i) => accountOf(seed, i));
  const holders = shuffle(spread(accounts, total), random);
  const rows: PlantedRow[] = [];
  const add = (contributor: `0x${string}`, stated: Fact[], wording: 0 | 1, isWrong = false): void => {
    rows.push({
      id: `ex_${String(rows.length).padStart(4, '0')}`,
      contributor,
      facts: stated,
      isWrong,
      ...say(stated, wording),
    });
  };
  for (const [i, contributor] of holders.entries()) {
    const twin = rows[i - 3];
    const isRetold = i % 5 === 4 && twin && twin.facts.length === 1 && twin.contributor !== contributor;
    if (isRetold) add(contributor, twin.facts, 1);
    else add(contributor, takeFacts(facts, i % 9 === 8 ? 2 + (i % 3) : 1), 0);
  }
  const singles = rows.filter((row) => row.facts.length === 1);
  for (const row of shuffle([...singles], random).slice(0, Math.round(total * wrongShare))) {
    const [fact] = row.facts;
    const object = pick(relations[fact!.relation]!.objects.filter((other) => other !== fact!.object));
    add(pick(accounts.filter((account) => account !== row.contributor)), [{ ...fact!, object }], pick([0, 1]), true);
  }
  return { rows, queries: askQuestions(rows, queries, random) };
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

function say(facts: readonly Fact[], wording: 0 | 1): Pick<PlantedRow, 'messages'> {
  const [first, ...rest] = facts;
  const question = rest.length === 0 ? askFor(first!, wording) : openQuestion.replace('{s}', first!.subject);
  return conversation(question, facts.map((fact) => state(fact, wording)).join(' '));
}

function conversation(question: string, answer: string): { messages: ChatMessage[] } {
  return {
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  };
}

function askQuestions(rows: readonly PlantedRow[], count: number, random: () => number): PlantedQuery[] {
  const told = shuffle(
    rows.filter((row) => row.facts.length === 1 && !row.isWrong),
    random,
  );
  return told.slice(0, count).map(({ facts: [fact], id, messages }, i) => {
    const asked = messages[0]!.content === askFor(fact!, 0) ? 0 : 1;
    const isReworded = i % 2 === 1;
    const wording = isReworded ? ((1 - asked) as 0 | 1) : (asked as 0 | 1);
    return { id: `q_${id}`, fact: fact!, isReworded, messages: [{ role: 'user', content: askFor(fact!, wording) }] };
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
