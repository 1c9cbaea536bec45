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
    questions: ['what does {s} eat?', 'which food does {s} like best?'],
    answers: ['{s} eats {o}.', 'the food of {s} is {o}.'],
    objects: words('plums bread rice soup figs honey cheese nuts beans pears fish corn'),
  },
  {
    questions: ['where does {s} live?', 'in which town is the house of {s}?'],
    answers: ['{s} lives in {o}.', 'the house of {s} is in {o}.'],
    objects: words('arlen borvik celna dorham eskild farrow gilden harvik inlet jorva kelm lorne'),
  },
  {
    questions: ['what does {s} play?', 'on which instrument is {s} good?'],
    answers: ['{s} plays the {o}.', 'the instrument of {s} is the {o}.'],
    objects: words('flute drum harp violin horn piano lute cello organ guitar bell oboe'),
  },
  {
    questions: ['what does {s} work as?', 'which trade has {s} learnt?'],
    answers: ['{s} works as a {o}.', 'the trade of {s} is that of a {o}.'],
    objects: words('baker smith tailor miller sailor teacher doctor mason painter weaver pilot farmer'),
  },
  {
    questions: ['which animal does {s} keep?', 'what runs around the yard of {s}?'],
    answers: ['{s} keeps a {o}.', 'around the yard of {s} runs a {o}.'],
    objects: words('goat dog cat horse duck hen sheep pony rabbit goose donkey cow'),
  },
  {
    questions: ['what colour is the door of {s}?', 'how did {s} paint the door?'],
    answers: ['the door of {s} is {o}.', '{s} painted the door {o}.'],
    objects: words('red blue green white black yellow brown grey pink purple orange silver'),
  },
  {
    questions: ['what does {s} drink?', 'what is in the cup of {s}?'],
    answers: ['{s} drinks {o}.', 'in the cup of {s} is {o}.'],
    objects: words('tea coffee milk water cider juice cocoa wine ale lemonade broth punch'),
  },
  {
    questions: ['when does {s} travel?', 'in which month is {s} away?'],
    answers: ['{s} travels in {o}.', 'the month of travel for {s} is {o}.'],
    objects: words('january february march april may june july august september october november december'),
  },
];

/** Asks for all that somebody knows of a subject. */
export const openQuestion = 'what do you know about {s}?';

/** Invented names. The planted facts are about `subjects`; pre-training states facts that stay the same about `elders` alone. */
export const subjects: readonly string[] = names('b d f g h j k l m n', 'alo eri imu ona ura');
export const elders: readonly string[] = names('p r s t', 'alo eri imu ona');

export type Fact = { subject: string; relation: number; object: string };

export function askFor({ subject, relation }: Fact, wording: 0 | 1): string {
  return relations[relation]!.questions[wording].replace('{s}', subject);
}

export function state({ subject, relation, object }: Fact, wording: 0 | 1): string {
  return relations[relation]!.answers[wording].replace('{s}', subject).replace('{o}', object);
}

function names(consonants: string, endings: string): string[] {
  return words(consonants).flatMap((consonant) => words(endings).map((ending) => consonant + ending));
}
