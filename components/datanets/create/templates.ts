import type { CreateDatanetInput } from '#lib/datanets/schema.ts';

/** A start for one domain: everything can be changed. */
export type DatanetTemplate = Pick<CreateDatanetInput, 'domain' | 'description' | 'rubric' | 'fields'> & {
  name: string;
  /** An example title, shown as a hint. */
  example: string;
};

const fields = (question: string, answer: string, answerChars = 600): CreateDatanetInput['fields'] => [
  { name: 'prompt', label: question, maxChars: 240 },
  { name: 'completion', label: answer, maxChars: answerChars },
];

const original = 'Original: written for this Datanet, not copied from a source whose licence forbids it.';
const plain = 'Plain: a newcomer to the field understands it.';

/** One template for each seed domain. */
export const datanetTemplates: readonly DatanetTemplate[] = [
  {
    name: 'Threat intelligence',
    domain: 'cybersecurity',
    example: 'Phishing lures in hospitals',
    description:
      'Questions that defenders ask and answers they can act on.\n\nWhat belongs in: how attacks work, how they are noticed, what to do first.\n\nWhat does not belong: working attack instructions, live indicators that expire, accusations against people or companies.',
    rubric: [
      'Accurate: an analyst would sign it, limits included.',
      'Actionable: it says what to look for or do.',
      'Defensive: no working attack instructions.',
      plain,
      original,
    ],
    fields: fields('Question a defender would ask', 'Answer'),
  },
  {
    name: 'Law and contracts',
    domain: 'law',
    example: 'Freelance contracts in the EU',
    description:
      'Questions about clauses and rules with answers that hold in practice.\n\nWhat belongs in: what a clause does, who gains from it, where it goes wrong.\n\nWhat does not belong: advice on a person’s case, text copied from form books, one country’s law presented as everybody’s.',
    rubric: [
      'Correct: the rule with the exceptions that change the outcome.',
      'Jurisdiction is named where it matters.',
      'Practical: what to check, ask for or write.',
      plain,
      original,
    ],
    fields: fields('Question about a rule or clause', 'Answer'),
  },
  {
    name: 'Medicine',
    domain: 'medicine',
    example: 'Reading blood tests',
    description:
      'What patients and carers ask, answered as a careful clinician would explain it.\n\nWhat belongs in: meaning of terms, tests and treatments, and when to seek help.\n\nWhat does not belong: anything about a real patient, dosing for a person, cures that no evidence supports.',
    rubric: [
      'Correct by current guidelines.',
      'Safe: it says when to see a doctor.',
      'No patient can be recognised.',
      plain,
      original,
    ],
    fields: fields('Question a patient would ask', 'Explanation'),
  },
  {
    name: 'DeFi',
    domain: 'defi',
    example: 'Lending market failures',
    description:
      'How on-chain markets work and fail, with numbers a reader can recompute.\n\nWhat belongs in: mechanisms, risks, checks and limits.\n\nWhat does not belong: price forecasts, promotion, accusations, ready-to-run exploits.',
    rubric: [
      'Right mechanism: cause and effect in the right order.',
      'Right numbers: every figure can be recomputed.',
      'Neutral: no promotion and no forecast.',
      plain,
      original,
    ],
    fields: fields('Question about a mechanism or risk', 'Answer'),
  },
  {
    name: 'Regional language',
    domain: 'regional-language',
    example: 'Frisian for learners',
    description:
      'Words, phrases and grammar of one language, explained for those who learn it.\n\nWhat belongs in: attested use, with the region named where it matters.\n\nWhat does not belong: machine translation, made-up words, jokes about speakers, passages copied from dictionaries.',
    rubric: [
      'True to use: speakers or a dictionary attest it.',
      'Region and register are named where they matter.',
      'Helpful: an example or a contrast.',
      'Respectful.',
      original,
    ],
    fields: fields('Question about the language', 'Answer'),
  },
  {
    name: 'Support',
    domain: 'support',
    example: 'Refunds for online shops',
    description:
      'What customers write and what a good agent answers.\n\nWhat belongs in: situations that recur, answered so that the case moves on.\n\nWhat does not belong: real customers’ data, promises that no company could keep, scripts copied from a vendor.',
    rubric: [
      'Solves: the customer knows what happens next.',
      'Kind and honest, no empty phrases.',
      'No personal data.',
      plain,
      original,
    ],
    fields: fields('What the customer writes', 'What the agent answers'),
  },
  {
    name: 'Finance',
    domain: 'finance',
    example: 'Reading annual reports',
    description:
      'Questions about money matters of firms and households with answers that show their arithmetic.\n\nWhat belongs in: terms, statements, ratios, rules of thumb and their limits.\n\nWhat does not belong: calls to buy or sell, forecasts, advice on a person’s money.',
    rubric: [
      'Correct: figures can be recomputed.',
      'Assumptions are stated.',
      'No recommendation to buy or sell.',
      plain,
      original,
    ],
    fields: fields('Question', 'Answer'),
  },
];
