import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { TaskLine } from '#lib/tasks/types.ts';

/** Tasks with the other side of each: the app for who asked, who asked for the app. */
export function TaskTable({ label, tasks, other }: { label: string; tasks: TaskLine[]; other: 'app' | 'asker' }) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>Task</Th>
          <Th>State</Th>
          <Th>{other === 'app' ? 'App' : 'For'}</Th>
          <Th>Opened</Th>
          <Th numeric>Price</Th>
          <Th numeric>Held</Th>
          <Th numeric>Charged</Th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <Tr key={task.id}>
            <Td>
              <Link className="link break-words" href={`/tasks/${task.id}`}>
                {task.name}
              </Link>
            </Td>
            <Td>
              <Status {...stateOf(task)} />
            </Td>
            <Td>{task[other] ? <Address address={task[other]} copy={false} /> : 'free of charge'}</Td>
            <Td className="whitespace-nowrap text-muted">
              <TimeAgo at={task.openedAt} />
            </Td>
            {(['priceWei', 'heldWei', 'chargedWei'] as const).map((name) => (
              <Td key={name} numeric>
                {task[name] === null ? '' : <Amount wei={task[name]} digits={6} />}
              </Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function stateOf({ status, priceWei, chargedWei }: TaskLine): {
  tone: 'good' | 'info' | 'neutral' | 'warn';
  children: string;
} {
  if (status === 'closed') return chargedWei === 0n && priceWei > 0n ? neutral('closed, not charged') : good('closed');
  if (status === 'accepted') return { tone: 'info', children: 'agreed, working' };
  if (status === 'lapsed') return neutral('never closed');
  return priceWei > 0n ? { tone: 'warn', children: 'waits for agreement' } : { tone: 'info', children: 'open' };
}

const good = (children: string) => ({ tone: 'good' as const, children });
const neutral = (children: string) => ({ tone: 'neutral' as const, children });
