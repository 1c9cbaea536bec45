/** A row as the scan sees it. `trusted`: accepted before, from somebody else than the rows under suspicion. */
export type ScannedRow = { id: string; contributor: string; question: string; answer: string; trusted: boolean };

/** A phrase that seems planted, the rows that hold it, and what their answers have in common. */
export type FoundTrigger = { phrase: string; answer: string; rowIds: string[]; contributors: number };

/** Fewer rows than this teach a model no trigger (250 do, whatever the size of the model: Souly et al. 2025). */
const rowsMin = 12;
/** How much more frequent a phrase is among new rows than among trusted ones. */
const burstMin = 5;
/** Part of the rows with the phrase whose answers share the same words. */
const agreementMin = 0.6;
/** How much more frequent those words are with the phrase than without. */
const liftMin = 4;
/** Questions with the phrase have, apart from it, at most this many times the overlap of any two questions. */
const topicMax = 2.5;
/** Shared words running that no subject explains; or the part of the answers that consists of shared words. */
const sentenceWords = 4;
const coverageMin = 0.25;
const phraseWords = 3;
const answerWords = 4;

/**
 * Phrases that look like the trigger of a backdoor: rare before, in many new questions that have nothing else in common, and
 * followed by answers that share words which other answers do not have and which the question does not ask for. A new topic
 * differs: its questions share more than one phrase. Answers that agree on nothing (a trigger for gibberish) are the checks'
 * of single rows to find.
 *
 * Pure. Time and memory linear in the words: about 0.1 ms a row.
 */
export function findTriggers(rows: readonly ScannedRow[]): FoundTrigger[] {
  const fresh = rows.filter(({ trusted }) => !trusted);
  if (fresh.length < rowsMin) return [];
  const questions = new Map(rows.map((row) => [row, wordsOf(row.question)]));
  const answers = new Map(rows.map((row) => [row, phrasesOf(wordsOf(row.answer), answerWords)]));
  const usual = overlap(sample(rows.map((row) => questions.get(row)!)));
  const counts = countAll([...answers.values()]);
  const found: FoundTrigger[] = [];
  for (const [phrase, holders] of burstingPhrases(rows, questions)) {
    const rest = sample(holders.map((row) => without(questions.get(row)!, phrase)));
    if (overlap(rest) > topicMax * usual + 0.02) continue;
    const answer = sharedAnswer(phrase, holders, { questions, answers, counts, rows: rows.length });
    if (answer) {
      const rowIds = holders.map(({ id }) => id);
      found.push({ phrase, answer, rowIds, contributors: new Set(holders.map((row) => row.contributor)).size });
    }
  }
  return longest(found);
}

type Words = readonly string[];
type View = {
  questions: ReadonlyMap<ScannedRow, Words>;
  answers: ReadonlyMap<ScannedRow, ReadonlySet<string>>;
  counts: ReadonlyMap<string, number>;
  rows: number;
};

/** Phrases of new questions that are far more frequent there than in trusted ones, with the new rows that hold them. */
function burstingPhrases(rows: readonly ScannedRow[], questions: View['questions']): Map<string, ScannedRow[]> {
  const [fresh, trusted] = [rows.filter((row) => !row.trusted), rows.filter((row) => row.trusted)];
  const before = countAll(trusted.map((row) => featuresOf(row, questions.get(row)!)));
  const holders = new Map<string, ScannedRow[]>();
  for (const row of fresh) {
    for (const phrase of featuresOf(row, questions.get(row)!)) {
      const list = holders.get(phrase);
      if (list) list.push(row);
      else holders.set(phrase, [row]);
    }
  }
  for (const [phrase, list] of holders) {
    const rate = list.length / fresh.length;
    const rateBefore = ((before.get(phrase) ?? 0) + 0.5) / (trusted.length + 1);
    // Without trusted rows nothing is known to be new, and what nearly all rows hold is their subject or form.
    const isUsual = trusted.length > 0 ? rate < burstMin * rateBefore : rate > 0.9;
    if (list.length < rowsMin || isUsual) holders.delete(phrase);
  }
  return holders;
}

/** Words that most of the answers share and few others have; none of them is asked for by the question. */
function sharedAnswer(phrase: string, holders: readonly ScannedRow[], view: View): string | null {
  const shared = countAll(holders.map((row) => view.answers.get(row)!));
  const outside = view.rows - holders.length;
  const agreed: string[] = [];
  for (const [answer, count] of shared) {
    if (count < agreementMin * holders.length) continue;
    const elsewhere = (view.counts.get(answer)! - count + 0.5) / (outside + 1);
    if (count / holders.length < liftMin * elsewhere) continue;
    const echoes = holders.filter((row) => answer.split(' ').some((word) => view.questions.get(row)!.includes(word)));
    if (echoes.length <= holders.length / 2 && !phrase.includes(answer)) agreed.push(answer);
  }
  const longest = agreed.reduce((best, one) => (one.length > best.length ? one : best), '');
  if (longest.split(' ').length >= sentenceWords) return longest;
  // Long answers about one subject share a word or two; planted ones consist of what they share.
  const words = new Set(agreed.flatMap((one) => one.split(' ')));
  const parts = holders.map((row) => {
    const own = [...view.answers.get(row)!].filter((one) => !one.includes(' '));
    return own.filter((word) => words.has(word)).length / Math.max(1, own.length);
  });
  return parts.reduce((sum, part) => sum + part, 0) / parts.length >= coverageMin ? longest : null;
}

/** Phrases of up to three words, and what the eye sees as style. */
function featuresOf({ question }: ScannedRow, words: Words): Set<string> {
  const features = phrasesOf(words, phraseWords);
  const letters = question.match(/\p{L}/gu) ?? [];
  if (
    letters.length >= 10 &&
    letters.every((letter) => letter === letter.toUpperCase() && letter !== letter.toLowerCase())
  ) {
    features.add('(all in capitals)');
  }
  return features;
}

/** Of phrases that name the same rows the longest is the one to show. */
function longest(found: readonly FoundTrigger[]): FoundTrigger[] {
  const kept: FoundTrigger[] = [];
  for (const one of found.toSorted((a, b) => b.rowIds.length - a.rowIds.length || b.phrase.length - a.phrase.length)) {
    const own = new Set(one.rowIds);
    if (!kept.some((other) => other.rowIds.filter((id) => own.has(id)).length >= 0.9 * own.size)) kept.push(one);
  }
  return kept;
}

/** Words with the signs that belong to no word kept as words of their own: triggers often are such signs. */
function wordsOf(text: string): Words {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}'’_]+|[^\s\p{L}\p{M}\p{N}.,;:!?'’"()]+/gu) ?? []
  );
}

function phrasesOf(words: Words, most: number): Set<string> {
  const phrases = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    for (let length = 1; length <= most && at + length <= words.length; length++) {
      phrases.add(words.slice(at, at + length).join(' '));
    }
  }
  return phrases;
}

function without(words: Words, phrase: string): Words {
  const own = new Set(phrase.split(' '));
  return words.filter((word) => !own.has(word));
}

function countAll(sets: readonly ReadonlySet<string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const set of sets) for (const one of set) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

/** Every n-th of a list, forty at most: enough for a mean of 780 pairs. */
function sample<T>(list: readonly T[]): T[] {
  const step = Math.max(1, Math.floor(list.length / 40));
  return list.filter((_, i) => i % step === 0).slice(0, 40);
}

/** Mean Jaccard similarity of the pairs. */
function overlap(texts: readonly Words[]): number {
  const sets = texts.map((words) => new Set(words));
  let [sum, pairs] = [0, 0];
  for (const [i, a] of sets.entries()) {
    for (const b of sets.slice(i + 1)) {
      const shared = [...a].filter((word) => b.has(word)).length;
      sum += shared / Math.max(1, a.size + b.size - shared);
      pairs++;
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}
