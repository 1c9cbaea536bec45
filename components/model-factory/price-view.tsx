import { Amount } from '#components/ui/amount.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Section } from '#components/ui/section.tsx';
import { formatOpen } from '#lib/kernel/money.ts';
import type { TrainingPrice } from '#lib/model-factory/types.ts';
import { formatCount } from './format.ts';
import { Facts } from './recipe-facts.tsx';

/** The price of a training line by line, who earns by it, and what is missing on the deposit with the way to put it there. */
export function PriceView({ price, isSignedIn }: { price: TrainingPrice; isSignedIn: boolean }) {
  const { tokens, freeTokens, costWei, balanceWei, shortfallWei, weiPerThousandTokens } = price;
  if (weiPerThousandTokens === 0n)
    return <p className="prose-measure text-sm text-muted">Training costs nothing on this server.</p>;
  return (
    <Section title="What it costs">
      <div className="flex w-full max-w-xl flex-col gap-4">
        <Facts
          items={[
            ['Tokens to train on, at most', <Figure key="tokens">{formatCount(tokens)}</Figure>],
            ['of them free today', <Figure key="free">{formatCount(freeTokens)}</Figure>],
            ['Price of 1,000 tokens', <Amount key="price" wei={weiPerThousandTokens} />],
            ['Costs at most', <Amount key="cost" wei={costWei} />],
            ...(isSignedIn
              ? [
                  [
                    'Free on your deposit',
                    balanceWei === null ? 'no deposit yet' : <Amount key="have" wei={balanceWei} />,
                  ] as const,
                ]
              : []),
            ...(isSignedIn && shortfallWei > 0n
              ? [['Missing', <Amount key="missing" wei={shortfallWei} />] as const]
              : []),
          ]}
        />
        {isSignedIn && shortfallWei > 0n && (
          <LinkButton href={`/keys?deposit=${formatOpen(shortfallWei).replaceAll(',', '')}`}>
            Deposit {formatOpen(shortfallWei)} OPEN
          </LinkButton>
        )}
        <p className="prose-measure text-sm text-muted">{costWei === 0n ? freeText(price) : heldText(price)}</p>
      </div>
    </Section>
  );
}

const Figure = ({ children }: { children: string }) => <span className="figures">{children}</span>;

function freeText({ freeTokensPerDay }: TrainingPrice): string {
  return `Each account trains on ${formatCount(freeTokensPerDay)} tokens a day for nothing, and this run fits in: nothing is taken from your deposit.`;
}

function heldText({ dataBps }: TrainingPrice): string {
  return `This much is held on your deposit when you start. At the end, or when you stop or cancel, what was trained is charged and the rest is free again; what fails by our fault costs nothing. After the protocol’s fee ${dataBps / 100} % go to the people whose rows it learns from, each row the same, and the rest to who runs this server.`;
}
