import { LinkButton } from '#components/ui/link-button.tsx';
import type { AnswerState } from './use-answer.ts';

/** Why there is no answer, and the one next step. */
export function AnswerFailure({ error }: { error: NonNullable<AnswerState['error']> }) {
  const needsMoney = ['no_channel', 'insufficient_deposit', 'session_key_missing', 'free_quota'].includes(error.code);
  return (
    <div role="alert" className="flex flex-col items-start gap-3 border-l-2 border-bad py-1 pl-4 text-sm">
      <p>{error.message}</p>
      {error.code === 'pass_required' && (
        <LinkButton href={`/models/${error.facts.model}#access`}>Get a pass</LinkButton>
      )}
      {needsMoney && <LinkButton href="/keys">Deposit OPEN</LinkButton>}
    </div>
  );
}
