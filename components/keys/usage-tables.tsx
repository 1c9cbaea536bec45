import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { derivedId } from '#lib/kernel/ids.ts';
import type { KeySpending, UsageSummary, UsageTotals, UsedAnswer, UsedCharge } from '#lib/serving/types.ts';
import { ChargesTable } from './charges-table.tsx';
import { SpendingTable } from './spending-table.tsx';

const count = (value: number) => value.toLocaleString('en');

type Usage = UsageSummary & {
  answers: UsedAnswer[];
  charges: UsedCharge[];
  spending: { keys: KeySpending[] };
  spentInAll: ReadonlyMap<string, bigint>;
};

/** What was spent by key, answers by model and key and by day, and the newest charges with their receipts. */
export function UsageTables({ usage }: { usage: Usage }) {
  return (
    <>
      <SpendingTable keys={usage.spending.keys} spentInAll={usage.spentInAll} />
      {usage.charges.length > 0 && <ChargesTable charges={usage.charges} />}
      {usage.answers.length > 0 && <AnswerTables usage={usage} />}
    </>
  );
}

function AnswerTables({ usage }: { usage: Usage }) {
  return (
    <>
      <Section title="Answers by model and key">
        <Table label="Usage by model and key">
          <Head first={['Model', 'Key']} />
          <tbody>
            {usage.lines.map((line) => (
              <Tr key={`${line.model} ${line.key}`}>
                <Td className="whitespace-nowrap font-medium">{line.model}</Td>
                <Td className="text-muted">{line.key ?? 'on the site'}</Td>
                <Totals {...line} />
              </Tr>
            ))}
          </tbody>
        </Table>
      </Section>
      <Section title="Answers by day">
        <Table label="Usage by day">
          <Head first={['Day']} />
          <tbody>
            {usage.days.map((line) => (
              <Tr key={line.day}>
                <Td className="figures">{line.day}</Td>
                <Totals {...line} />
              </Tr>
            ))}
          </tbody>
        </Table>
      </Section>
      <Section title="Newest answers">
        <Table label="Newest answers">
          <Head first={['When', 'Model', 'Receipt']} isOne />
          <tbody>
            {usage.answers.map((answer) => (
              <Tr key={answer.id}>
                <Td className="text-muted">
                  <TimeAgo at={answer.at} />
                </Td>
                <Td className="whitespace-nowrap">{answer.model}</Td>
                <Td>
                  <Link className="link figures" href={`/receipts/${derivedId('receipt', answer.id)}`}>
                    {derivedId('receipt', answer.id).slice(-8)}
                  </Link>
                </Td>
                <Totals {...answer} />
              </Tr>
            ))}
          </tbody>
        </Table>
      </Section>
    </>
  );
}

function Head({ first, isOne = false }: { first: readonly string[]; isOne?: boolean }) {
  return (
    <thead>
      <tr>
        {first.map((name) => (
          <Th key={name}>{name}</Th>
        ))}
        {!isOne && <Th numeric>Answers</Th>}
        <Th numeric>Tokens read</Th>
        <Th numeric>Tokens written</Th>
        <Th numeric>Paid</Th>
      </tr>
    </thead>
  );
}

function Totals({
  answers,
  promptTokens,
  completionTokens,
  feeWei,
}: Omit<UsageTotals, 'answers'> & { answers?: number }) {
  return (
    <>
      {answers !== undefined && <Td numeric>{count(answers)}</Td>}
      <Td numeric>{count(promptTokens)}</Td>
      <Td numeric>{count(completionTokens)}</Td>
      <Td numeric>
        <Amount wei={feeWei} />
      </Td>
    </>
  );
}
