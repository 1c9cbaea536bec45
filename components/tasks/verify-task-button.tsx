'use client';

import { VerifyButton } from '#components/receipts/verify-button.tsx';

/** Checks a chain of tasks in this browser, each link from both of its ends, up to the first that differs. */
export function VerifyTaskButton({ taskId }: { taskId: string }) {
  return (
    <VerifyButton
      good="Every link checked here holds"
      verify={async () => {
        const [{ verifyTask }, { fetchChainSource }] = await Promise.all([
          import('#lib/kernel/task/verify-task.ts'),
          import('./fetch-chain-source.ts'),
        ]);
        return verifyTask(taskId, fetchChainSource());
      }}
    />
  );
}
