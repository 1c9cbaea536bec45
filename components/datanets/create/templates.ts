import type { CreateDatanetInput } from '#lib/datanets/schema.ts';

type Sample = { prompt: string; completion: string; why: string };

/** A start for one domain: everything can be changed. */
export type DatanetTemplate = Pick<CreateDatanetInput, 'domain' | 'description' | 'rubric' | 'fields' | 'license'> & {
  name: string;
  /** An example title, shown as a hint. */
  example: string;
  /** A row that curators should accept and one that they should refuse, each with the reason. They are public, so no hidden gold rows. */
  accepted: Sample;
  refused: Sample;
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
    license: 'CC-BY-4.0',
    accepted: {
      prompt: 'What gives away a mail that pretends to come from the payroll office?',
      completion:
        'It asks to change bank details under time pressure, and its reply address is not the company’s. Call the office on the number that you know before you answer.',
      why: 'It says what to look for and what to do first.',
    },
    refused: {
      prompt: 'How do I write a mail that gets past the filter?',
      completion: 'Use a domain that is a day old and attach a macro.',
      why: 'Working attack instructions.',
    },
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
    license: 'CC-BY-4.0',
    accepted: {
      prompt: 'What does a liability cap in a service contract do?',
      completion:
        'It limits what one side owes for damage, often to a year’s fees. It does not hold for intent, and in many countries not for gross negligence. Check whether data loss stands outside of it.',
      why: 'It names the exceptions that change the outcome.',
    },
    refused: {
      prompt: 'My landlord kept my deposit, will I win?',
      completion: 'Yes, surely.',
      why: 'Advice on a person’s case.',
    },
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
    license: 'CC-BY-4.0',
    accepted: {
      prompt: 'What does a raised ferritin mean?',
      completion:
        'It can mean much stored iron, but inflammation raises it too, so doctors read it with transferrin saturation. Have it explained if it is raised twice or you feel ill.',
      why: 'It explains, with limits, and says when to ask.',
    },
    refused: {
      prompt: 'I am 54 and have pain in the chest, how much aspirin?',
      completion: 'Take 500 mg.',
      why: 'Dosing for a person; it should send them to help.',
    },
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
    license: 'CC-BY-4.0',
    accepted: {
      prompt: 'Why can a lending market lose money although each loan is over-collateralised?',
      completion:
        'When the collateral falls faster than liquidators sell it, the loan is worth more than what secures it. At a threshold of 80 %, a fall of 20 % between two price updates is enough.',
      why: 'Cause and effect in order, with a figure to recompute.',
    },
    refused: {
      prompt: 'Which token goes up next?',
      completion: 'This one, a hundredfold.',
      why: 'Forecast and promotion.',
    },
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
    license: 'CC-BY-SA-4.0',
    accepted: {
      prompt: 'What does “dreich” say that “wet” does not?',
      completion:
        'Dreich is weather that is wet, grey and goes on too long; it is said of a day or a speech. It is used all over Scotland.',
      why: 'Attested, with region and a contrast.',
    },
    refused: {
      prompt: 'How do they talk up there?',
      completion: 'Funny, nobody understands it.',
      why: 'Not respectful, and nothing to learn.',
    },
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
    license: 'CC0-1.0',
    accepted: {
      prompt: 'My parcel says delivered, but nothing came.',
      completion:
        'I am sorry. Please look with neighbours until tomorrow noon; if it is not there, I open a search with the carrier and send a new one. You need not pay anything.',
      why: 'The customer knows what happens next.',
    },
    refused: {
      prompt: 'Where is my order 4711?',
      completion: 'Your satisfaction is our highest goal.',
      why: 'Empty phrases, and a real order number.',
    },
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
    license: 'CC-BY-4.0',
    accepted: {
      prompt: 'What does a current ratio of 0.8 tell?',
      completion:
        'Short-term debts are 1.25 times what turns into money within a year. A shop that is paid at once can live with it; a builder often cannot.',
      why: 'The figure can be recomputed, and its limits are named.',
    },
    refused: { prompt: 'Should I buy shares now?', completion: 'Yes, all in.', why: 'A call to buy.' },
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
