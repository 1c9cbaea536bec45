import type { AttackName } from '#lib/attacks/types.ts';

/** What each attack is called and does, for people who are owed money. */
export const attackTexts: Record<AttackName, { title: string; text: string }> = {
  'copy-1': { title: 'Copy own rows once', text: 'Contributes all own rows a second time, word for word.' },
  'copy-10': { title: 'Copy own rows ten times', text: 'Contributes all own rows ten times more, word for word.' },
  'copy-100': { title: 'Copy own rows a hundred times', text: 'Contributes all own rows a hundred times more.' },
  'near-case': { title: 'Near copies: capitals and spaces', text: 'Own rows again, in other case and spacing.' },
  'near-order': {
    title: 'Near copies: order and punctuation',
    text: 'Own rows again, two words swapped, commas added.',
  },
  'near-synonyms': {
    title: 'Near copies: other words',
    text: 'Own rows again, one word of eight replaced by a synonym.',
  },
  'near-padding': { title: 'Near copies: padding', text: 'Own rows again, with words before and after.' },
  'near-stitched': { title: 'Near copies: stitched', text: 'New rows made of halves of own rows.' },
  retold: { title: 'Told again', text: 'Own answers again, each under a question that was not asked before.' },
  'steal-exact': {
    title: 'Copy the best row of others',
    text: 'Contributes the best-paid row of somebody else again.',
  },
  'steal-near': { title: 'Disguised copy of the best row', text: 'The best-paid row of somebody else, padded.' },
  'wallets-100': { title: 'A hundred wallets', text: 'The same rows, spread over a hundred wallets.' },
  pieces: { title: 'Cut rows into pieces', text: 'Every longer answer as two rows, each with one half.' },
  stuffing: { title: 'Stuff common phrases', text: 'The ten commonest phrases after each own answer.' },
  spam: { title: 'Spam', text: 'A tenth of the Datanet more: words in no order.' },
  outlier: {
    title: 'Outlier attack',
    text: 'Rewords own questions until the model finds the answers surprising. It sees only what the model says.',
  },
  shadow: {
    title: 'Shadow attack',
    text: 'Trains a model of its own and rewords rows until that model says that they have much influence.',
  },
  'self-query': {
    title: 'Ask about own rows',
    text: 'Pays for half as many questions as customers ask, all about own rows.',
  },
  ring: { title: 'A ring', text: 'Three contributors copy each other’s rows and pay for questions about them.' },
  poison: { title: 'Poison', text: 'Questions of others with wrong answers. Wrong rows really shape answers.' },
  'dodge-held-out': {
    title: 'Avoid being held out',
    text: 'Spells rows so that their hashes are large. Some rows are held out to measure the model and earn nothing.',
  },
  'seize-held-out': {
    title: 'Become the measure',
    text: 'Near copies spelt so that their hashes are small, to be the rows that the model is measured by.',
  },
  control: {
    title: 'No attack (control)',
    text: 'Somebody else adds one row. What changes then is chance: compare all others with this.',
  },
};
