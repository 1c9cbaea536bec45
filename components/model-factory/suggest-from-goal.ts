import type { PresetName } from '#lib/model-factory/schema.ts';
import type { TrainableVersion } from '#lib/model-factory/types.ts';

/** What a goal in plain words fills in, and by which of its words; empty texts where it says nothing. */
export type GoalSuggestion = {
  name: string;
  domain: string;
  version: string;
  preset: PresetName;
  /** For each filled field the word of the goal that decided it. */
  because: { domain?: string; version?: string; preset?: string };
};

/** Words that ask for a first look, or for the best that can be had. Anything else is Balanced. */
const presetWords: readonly (readonly [PresetName, readonly string[]])[] = [
  ['quick', ['try', 'test', 'quick', 'quickly', 'first', 'look', 'experiment']],
  ['best', ['best', 'thorough', 'production', 'quality', 'accurate', 'careful']],
];
/** Words of a domain's everyday language that its name does not have. */
const domainWords: Record<string, readonly string[]> = {
  cybersecurity: ['security', 'threat', 'threats', 'malware', 'attack', 'attacks', 'phishing', 'vulnerability'],
  law: ['legal', 'contract', 'contracts', 'court', 'lawyer', 'clause'],
  medicine: ['medical', 'health', 'doctor', 'patient', 'patients', 'clinical', 'drug'],
  defi: ['crypto', 'lending', 'liquidity', 'protocol', 'token', 'swap', 'yield'],
  'regional-language': ['language', 'dialect', 'translate', 'translation', 'regional', 'local'],
  support: ['customer', 'customers', 'helpdesk', 'ticket', 'tickets', 'support'],
  finance: ['bank', 'invoice', 'accounting', 'tax', 'financial', 'audit'],
};
const nameWords = 5;

/**
 * Fills the wizard from a sentence: the field of knowledge and the Datanet whose names share most words with it (the newest
 * version), the recipe by how it is asked for, the name by its first words. Pure; the page says which word decided what.
 */
export function suggestFromGoal(goal: string, versions: readonly TrainableVersion[]): GoalSuggestion {
  const words = wordsOf(goal);
  const name = goal
    .trim()
    .split(/\s+/)
    .slice(0, nameWords)
    .join(' ')
    .replace(/[.,;:!?]+$/, '')
    .slice(0, 60);
  const preset = presetWords.find(([, some]) => some.some((word) => words.includes(word)));
  const because: GoalSuggestion['because'] = {};
  const presetWord = preset?.[1].find((word) => words.includes(word));
  if (presetWord) because.preset = presetWord;
  const best = bestOf(versions, words);
  if (best) {
    because.version = best.word;
    because.domain = best.word;
  }
  return {
    name: name.length >= 3 ? name : '',
    domain: best?.version.datanet.domain ?? '',
    version: best?.version.id ?? '',
    preset: preset?.[0] ?? 'balanced',
    because,
  };
}

/** The version whose Datanet shares most words with the goal; of one Datanet the newest comes first in `versions`. */
function bestOf(versions: readonly TrainableVersion[], words: readonly string[]) {
  let best: { version: TrainableVersion; word: string; score: number } | null = null;
  for (const version of versions) {
    const { title, domain, summary } = version.datanet;
    const strong = [...wordsOf(title), ...wordsOf(domain), ...(domainWords[domain] ?? [])];
    const weak = wordsOf(summary);
    const hits = words.filter((word) => strong.includes(word));
    const score = hits.length * 3 + words.filter((word) => weak.includes(word)).length;
    const word = hits[0] ?? words.find((one) => weak.includes(one));
    if (word && score > (best?.score ?? 0)) best = { version, word, score };
  }
  return best;
}

/** Function words say nothing about a subject. */
const idle = new Set(
  'a an and are as at be by for from how in is it model of on or that the this to what which who with about our my'.split(
    ' ',
  ),
);

function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words)].filter((word) => word.length > 2 && !idle.has(word));
}
