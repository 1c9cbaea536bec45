import { Address } from '#components/ui/address.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { gainOf, honestLossOf } from '#lib/attacks/rules.ts';
import type { AccountPay, AttackResult } from '#lib/attacks/types.ts';
import { gainText, lossText } from './gain-text.ts';

/** Accounts in the table; the attacker's come first. */
const accountsMax = 40;

/** What the attack brought: the gain, what became of its rows, and every account before and after. */
export function AttackRunResult({ result }: { result: AttackResult }) {
  const { written, copies, trained, paidRows, feesPaid } = result;
  const known = copies.same + copies.near + copies.stitched;
  return (
    <>
      <StatRow>
        <Stat label="Attacker’s gain" value={gainText(gainOf(result))} note="after, for each unit before" />
        <Stat label="Others lose" value={lossText(honestLossOf(result))} note="of all that they had" />
        <Stat label="Rows written" value={written} note={known > 0 ? `${known} known as copies` : 'none is a copy'} />
        <Stat label="Of these paid" value={paidRows} note={`${trained} were trained on`} />
      </StatRow>
      <Section title="What the rules made of it">
        <ul className="prose-measure flex list-disc flex-col gap-2 pl-5 text-sm">
          {defences(result).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
          {feesPaid > 0 && (
            <li>
              Its own questions cost the attacker {inAnswers(feesPaid)} and are counted against its gain. Part of what
              they cost went to other contributors.
            </li>
          )}
        </ul>
      </Section>
      <Section
        title="Before and after"
        intro="What each account is paid for the customers’ questions. 1.000 is all that one answer pays to data."
      >
        <AccountsTable accounts={result.accounts} />
      </Section>
    </>
  );
}

function defences({ written, copies, isUnmoved, trained, paidRows }: AttackResult): string[] {
  const sentences: string[] = [];
  if (isUnmoved)
    sentences.push('The model was trained on exactly the same rows as before, so not one bit of it differs.');
  if (copies.same > 0)
    sentences.push(`Known as an older row’s words again, and not trained on: ${countRows(copies.same)}.`);
  if (copies.near > 0)
    sentences.push(`Known as an older row with edits or padding, and not trained on: ${countRows(copies.near)}.`);
  if (copies.stitched > 0)
    sentences.push(`Known as put together from older answers, and not trained on: ${countRows(copies.stitched)}.`);
  if (written > 0 && trained > 0) {
    const paid =
      paidRows === 0
        ? 'none of them stood out of the noise of any answer'
        : `paid by name for at least one answer: ${paidRows}`;
    sentences.push(`Trained on: ${countRows(trained)}; ${paid}.`);
  }
  if (!isUnmoved) {
    sentences.push(
      'The model was trained anew on other rows. Some of what changed for everybody is chance: run “No attack (control)” to see how much.',
    );
  }
  return sentences;
}

function countRows(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

function AccountsTable({ accounts }: { accounts: readonly AccountPay[] }) {
  const ordered = [...accounts].sort((a, b) => Number(b.isAttacker) - Number(a.isAttacker) || b.after - a.after);
  return (
    <>
      <Table label="Accounts before and after">
        <thead>
          <tr>
            <Th>Account</Th>
            <Th numeric>Rows</Th>
            <Th numeric>Copies</Th>
            <Th numeric>Before</Th>
            <Th numeric>After</Th>
          </tr>
        </thead>
        <tbody>
          {ordered.slice(0, accountsMax).map(({ account, rows, copies, before, after, isAttacker }) => (
            <Tr key={account}>
              <Td>
                <span className="flex items-center gap-2">
                  <Address address={account as `0x${string}`} copy={false} />
                  {isAttacker && <Badge tone="warn">plays the attacker</Badge>}
                </span>
              </Td>
              <Td numeric>{rows}</Td>
              <Td numeric>{copies}</Td>
              <Td numeric>{inAnswers(before)}</Td>
              <Td numeric>{inAnswers(after)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {ordered.length > accountsMax && (
        <p className="mt-2 text-xs text-muted">{ordered.length - accountsMax} more accounts are not shown.</p>
      )}
    </>
  );
}

function inAnswers(millionths: number): string {
  return (millionths / 1e6).toFixed(3);
}
