import type { Metadata } from 'next';
import Link from 'next/link';
import { Page } from '#components/layout/page.tsx';
import { TaskTable } from '#components/tasks/task-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Section } from '#components/ui/section.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { loadTasks } from './_data.ts';

export const metadata: Metadata = { title: 'Tasks' };

/** What apps do or did for the account, and what its own app does for others. */
export default async function TasksPage() {
  const tasks = await loadTasks();
  return (
    <Page
      title="Tasks"
      eyebrow={<Link href="/usage">Usage</Link>}
      intro="An app or agent that asks models for you opens a task: it names its price before it begins, and its receipt lists every call that it made."
    >
      {tasks === null ? (
        <EmptyState title="Connect a wallet to see your tasks." action={<ConnectButton label="Connect wallet" />}>
          <p>Tasks belong to an account. Signing in is one signature; it costs nothing.</p>
        </EmptyState>
      ) : (
        <>
          <Section title="Asked by you" intro="What waits for your agreement holds nothing until you give it.">
            {tasks.asked.length > 0 ? (
              <TaskTable label="Tasks asked by you" tasks={tasks.asked} other="app" />
            ) : (
              <EmptyState title="No app has worked for you yet.">
                <p>
                  When one asks a price of you, it stands here and on a page of its own, whose link the app gives you.
                </p>
              </EmptyState>
            )}
          </Section>
          <Section title="Your app’s work" intro="What your account opened as an app or agent.">
            {tasks.working.length > 0 ? (
              <TaskTable label="Your app’s tasks" tasks={tasks.working} other="asker" />
            ) : (
              <EmptyState title="Your account has opened no task.">
                <p>
                  Programs open tasks with this account’s signature; <Link href="/docs">the API’s page</Link> says how.
                </p>
              </EmptyState>
            )}
          </Section>
        </>
      )}
    </Page>
  );
}
