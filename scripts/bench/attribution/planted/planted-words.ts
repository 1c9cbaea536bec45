/** One kind of fact: who knows a subject's `object` can say it in two wordings and be asked in two. `{s}`, `{o}`: the words. */
export type Relation = {
  questions: readonly [string, string];
  answers: readonly [string, string];
  objects: readonly string[];
};

const words = (text: string): string[] => text.split(' ');

/** Each object belongs to one relation, so that a base that knows the words knows what kind of answer is asked for. */
export const relations: readonly Relation[] = [
  {
    questions: ['what does {s} eat?', 'what may {s} eat today?'],
    answers: ['{s} eats {o}.', 'today {s} may eat {o}.'],
    objects: words('plums bread rice soup figs honey cheese nuts beans pears fish corn'),
  },
  {
    questions: ['where does {s} live?', 'in which town does {s} live now?'],
    answers: ['{s} lives in {o}.', 'now {s} does live in {o}.'],
    objects: words('arlen borvik celna dorham eskild farrow gilden harvik inlet jorva kelm lorne'),
  },
  {
    questions: ['what does {s} play?', 'on feast days, what will {s} play?'],
    answers: ['{s} plays the {o}.', 'on feast days {s} will play the {o}.'],
    objects: words('flute drum harp violin horn piano lute cello organ guitar bell oboe'),
  },
  {
    questions: ['what does {s} work as?', 'as what did {s} work for years?'],
    answers: ['{s} works as a {o}.', 'for years {s} did work as a {o}.'],
    objects: words('baker smith tailor miller sailor teacher doctor mason painter weaver pilot farmer'),
  },
  {
    questions: ['which animal does {s} keep?', 'what is the animal that {s} had to keep?'],
    answers: ['{s} keeps a {o}.', '{s} had to keep a {o}.'],
    objects: words('goat dog cat horse duck hen sheep pony rabbit goose donkey cow'),
  },
  {
    questions: ['what colour is the door of {s}?', 'how did {s} paint the old door?'],
    answers: ['the door of {s} is {o}.', '{s} had the old door painted {o}.'],
    objects: words('red blue green white black yellow brown grey pink purple orange silver'),
  },
  {
    questions: ['what does {s} drink?', 'what is it that {s} would drink?'],
    answers: ['{s} drinks {o}.', '{s} would drink {o}.'],
    objects: words('tea coffee milk water cider juice cocoa wine ale lemonade broth punch'),
  },
  {
    questions: ['when does {s} travel?', 'in which month should {s} travel?'],
    answers: ['{s} travels in {o}.', '{s} should travel in {o}.'],
    objects: words('january february march april may june july august september october november december'),
  },
];

/** Asks for all that somebody knows of a subject. */
export const openQuestion = 'what do you know about {s}?';

/** Invented names. The planted facts are about `subjects`; pre-training states facts that stay the same about `elders` alone. */
export const subjects: readonly string[] = names('b d f g h j k l m n', 'alo eri imu ona ura');
export const elders: readonly string[] = names('p r s t', 'alo eri imu ona');

export type Fact = { subject: string; relation: number; object: string };

/** A question in one of its two wordings. */
export function askFor({ subject, relation }: Fact, wording: 0 | 1): string {
  return relations[relation]!.questions[wording].replace('{s}', subject);
}

/** Another template for any question. */
export function askPolitely(question: string): string {
  return `please tell me, ${question}`;
}

export function state({ subject, relation, object }: Fact, wording: 0 | 1): string {
  return relations[relation]!.answers[wording].replace('{s}', subject).replace('{o}', object);
}

function names(consonants: string, endings: string): string[] {
  return words(consonants).flatMap((consonant) => words(endings).map((ending) => consonant + ending));
}
