import { Amount } from '#components/ui/amount.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { PeriodPart } from '#lib/rewards/types.ts';
import { earningRoleNames } from './earning-role-names.ts';

const rules: Record<PeriodPart['role'], string> = {
  data: 'by name: what answers explained by influence with confidence, and rows that they read',
  common: 'what answers left unexplained, to the same people in the same proportion',
  model: 'owners of the models that answered',
  royalty: 'owners of the base models, by what they asked when the version was published',
  app: 'where the questions were asked',
  infra: 'who served the answers',
  validators: 'curators, by rows accepted; half of it goes to stakers where the Datanet has some',
  stakers: 'stake pools of the Datanets, half of the curators’ part',
};
const byRowsRule = 'answers without a certified source, equally over all original rows of the version';

/** What a period pays for what, and by which rule. */
export function PeriodParts({ parts }: { parts: readonly PeriodPart[] }) {
  return (
    <Table label="What the period pays for">
      <thead>
        <tr>
          <Th>For</Th>
          <Th>Rule</Th>
          <Th numeric>Accounts</Th>
          <Th numeric>Amount</Th>
        </tr>
      </thead>
      <tbody>
        {parts.map(({ role, byRows, accounts, amountWei }) => (
          <Tr key={`${role}${byRows}`}>
            <Td>{earningRoleNames[role]}</Td>
            <Td className="text-muted">{byRows ? byRowsRule : rules[role]}</Td>
            <Td numeric>{accounts.toLocaleString('en')}</Td>
            <Td numeric>
              <Amount wei={amountWei} digits={6} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
