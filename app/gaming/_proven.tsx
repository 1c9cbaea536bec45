import { Section } from '#components/ui/section.tsx';

const proven: readonly [string, string][] = [
  [
    'Copies earn nothing and take nothing.',
    'A row with the words of an older one is not trained on. The training set, the model and every share stay the same to the last bit, however many copies there are and whoever sends them.',
  ],
  [
    'Wallets do not matter.',
    'Pay is a sum over rows. Nothing is counted per account: no bonus, cap or minimum. A hundred wallets get together what one would get.',
  ],
  [
    'Paying for questions about one’s own rows loses money.',
    'What one answer pays depends on that answer alone. Less than the whole fee goes to data, so a part of every such fee is lost.',
  ],
  [
    'Nobody can spell a row to be trained on.',
    'Which rows are held out follows from all rows together, and is not known before the last one is in.',
  ],
];

const measured: readonly [string, string][] = [
  [
    'Short rows told again in words of one’s own.',
    'Rows are known again through other small words, a changed word in ten, and halves put together. A real paraphrase, or a short answer under another question, is not. A model learns a row better the more often it is told, so such rows earn again: the table below says how much.',
  ],
  [
    'Spam and stuffing.',
    'Rows within the noise of an answer earn nothing from it. An answer without a source pays all rows alike.',
  ],
  [
    'Crafted rows.',
    'The outlier and the shadow attack follow a published paper (arXiv 2409.05657), in a form for words: they search, where pictures allow gradients.',
  ],
  [
    'Poison is not kept out by this.',
    'A wrong row that is learnt shapes answers, and influence is not merit. Review, reports and the harm ledger are for that.',
  ],
  [
    'Luck.',
    'Every change of the rows trains another model. With few rows that moves everybody’s pay, up or down, by more than most attacks do. Who contributes last could try many versions at home and keep the luckiest.',
  ],
];

/** What follows from the rules whatever anybody does, and what only experiments say. */
export function Proven() {
  return (
    <Section title="Proven, and only measured">
      <div className="grid grid-cols-1 gap-8 md:grid-cols-2">
        <Claims title="Proven: holds whatever the model is" claims={proven} />
        <Claims title="Measured: may be otherwise elsewhere" claims={measured} />
      </div>
    </Section>
  );
}

function Claims({ title, claims }: { title: string; claims: readonly [string, string][] }) {
  return (
    <div>
      <h3 className="title-small mb-3">{title}</h3>
      <dl className="flex flex-col gap-3 text-sm">
        {claims.map(([claim, why]) => (
          <div key={claim}>
            <dt className="font-medium">{claim}</dt>
            <dd className="text-muted">{why}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
