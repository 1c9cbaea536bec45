'use client';

import { type FormEvent, useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { MemberKeyState } from './use-member-key.ts';

/** What stands between a reader and their key pair: making one, writing down its code, or entering it. */
export function MemberKeySetup({ state }: { state: Exclude<MemberKeyState, { status: 'ready' }> }) {
  switch (state.status) {
    case 'loading':
      return <p className="text-sm text-muted">Looking for your key in this browser…</p>;
    case 'failed':
      return <ActionProblem error={state.error} />;
    case 'absent':
      return <Create {...state} />;
    case 'shown':
      return (
        <div className="flex max-w-2xl flex-col items-start gap-3 border-l-2 border-warn py-1 pl-4">
          <p className="text-sm">
            Write this recovery code down. With it you read in another browser; nobody can give it to you again.
          </p>
          <p className="flex items-center gap-2 font-mono text-sm break-all">
            {state.recoveryCode} <CopyButton text={state.recoveryCode} what="the recovery code" />
          </p>
          <Button variant="primary" onClick={state.confirm}>
            I have written it down
          </Button>
        </div>
      );
    default:
      return <Restore restore={state.restore} />;
  }
}

function Create({ create, error }: Extract<MemberKeyState, { status: 'absent' }>) {
  const [busy, setBusy] = useState(false);
  return (
    <div className="flex max-w-2xl flex-col items-start gap-3">
      <p className="prose-measure text-sm text-muted">
        Reading encrypted rows takes a key pair. It is made in this browser and stays here; the server keeps the public
        half, and a copy of the private half that only your recovery code opens.
      </p>
      <Button
        busy={busy}
        onClick={async () => {
          setBusy(true);
          await create();
          setBusy(false);
        }}
      >
        Make my key
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}

function Restore({ restore }: { restore: (code: string) => Promise<boolean> }) {
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setWrong(!(await restore(code)));
  };
  return (
    <form onSubmit={submit} className="flex max-w-2xl flex-col items-start gap-3">
      <Field
        label="Recovery code of your key"
        hint="Your account has a key that is not in this browser. The code never leaves it."
        error={wrong ? 'This code does not open the key. It has 32 digits and letters from a to f.' : undefined}
      >
        {(control) => (
          <Input {...control} mono autoComplete="off" value={code} onChange={(event) => setCode(event.target.value)} />
        )}
      </Field>
      <Button type="submit" disabled={code.trim() === ''}>
        Open my key
      </Button>
    </form>
  );
}
