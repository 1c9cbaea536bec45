import type { Tone } from '#components/ui/badge.tsx';
import { Status } from '#components/ui/status.tsx';
import type { ExampleStatus } from '#lib/contributions/types.ts';

const states: Record<ExampleStatus, { tone: Tone; text: string }> = {
  pending: { tone: 'warn', text: 'waits for a curator' },
  accepted: { tone: 'good', text: 'accepted' },
  rejected: { tone: 'bad', text: 'rejected' },
  withdrawn: { tone: 'neutral', text: 'withdrawn' },
  superseded: { tone: 'neutral', text: 'replaced by a better version' },
  quarantined: { tone: 'bad', text: 'taken out by a curator' },
};

/** A row's state in words with its dot. */
export function ExampleStatusLabel({ status }: { status: ExampleStatus }) {
  const { tone, text } = states[status];
  return <Status tone={tone}>{text}</Status>;
}
