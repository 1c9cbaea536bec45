import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { derivedId } from '#lib/kernel/ids.ts';
import type { UsageSummary, UsageTotals, UsedAnswer } from '#lib/serving/types.ts';

const count = (value: number) => value.toLocaleString('en');

/** Usage by model and key, by day, and the newest answers with their receipts. */
export function UsageTables({ usage }: { usage: UsageSummary & { answers: UsedAnswer[] } }) {
  return (
    <>
      <Section title="By model and key">
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
      <Section title="By day">
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
