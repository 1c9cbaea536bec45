'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { createDatanetSchema, datanetLicenses } from '#lib/datanets/schema.ts';
import type { OwnDatanetState, OwnRowsActions } from './own-rows-actions.ts';
import { type OwnFile, ownFields, ownTerms, readOwnFile } from './own-rows-file.ts';
import { useOwnRows } from './use-own-rows.ts';
import type { Wizard } from './use-wizard.ts';

/** Data that is not here yet: a CSV or JSON Lines file becomes a private Datanet of one's own, and that its first version. */
export default function OwnRows({ wizard, actions }: { wizard: Wizard; actions: OwnRowsActions }) {
  const router = useRouter();
  const { address, signIn } = useAccountSession();
  const { own, change } = wizard;
  const follow = useOwnRows(actions, address ? own : '', (version) => {
    change({ version, domain: '' });
    wizard.setOwn('');
    router.refresh();
  });
  if (!address)
    return (
      <div className="flex flex-col items-start gap-3">
        <p>The rows will belong to your account, so sign in first: one signature, no transaction.</p>
        <Button onClick={signIn}>Connect wallet and sign in</Button>
      </div>
    );
  const problem = follow.error && (
    <p role="alert" className="text-sm text-bad">
      {follow.error}
    </p>
  );
  if (own !== '')
    return (
      <div className="flex flex-col items-start gap-3">
        {follow.state ? <OnItsWay state={follow.state} /> : <p role="status">Looking for your Datanet…</p>}
        {problem}
        <Button size="sm" variant="quiet" onClick={() => wizard.setOwn('')}>
          Bring another file
        </Button>
      </div>
    );
  return (
    <div className="flex flex-col gap-4">
      <FileForm
        domain={wizard.choices.domain}
        sent={follow.sent}
        onSend={async (file, terms) => {
          const id = await follow.send(file, terms);
          if (id) wizard.setOwn(id);
        }}
      />
      {problem}
    </div>
  );
}

function OnItsWay({ state: { title, acceptedRows, pendingRows, slug } }: { state: OwnDatanetState }) {
  return (
    <div role="status" className="flex flex-col gap-2">
      <p>
        “{title}” has {acceptedRows} rows; only you read them.
        {acceptedRows > 0 && ' They are being frozen into version 1…'}
      </p>
      {pendingRows > 0 && (
        <p className="text-muted">
          {pendingRows} more wait on <a href={`/datanets/${slug}/review`}>its review page</a>, because they look like
          copies or hold personal data.
        </p>
      )}
    </div>
  );
}

type FormProps = {
  domain: string;
  sent: { done: number; of: number } | null;
  onSend: (file: OwnFile, terms: ReturnType<typeof ownTerms>) => Promise<void>;
};

function FileForm({ domain, sent, onSend }: FormProps) {
  const [file, setFile] = useState<OwnFile | null>(null);
  const [title, setTitle] = useState('');
  const [license, setLicense] = useState<(typeof datanetLicenses)[number]>('CC-BY-4.0');
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    setProblem(null);
    try {
      setFile(await readOwnFile(chosen));
      if (title === '') setTitle(chosen.name.replace(/\.[a-z0-9]+$/i, '').replace(/[-_]+/g, ' '));
    } catch (error) {
      setFile(null);
      setProblem((error as Error).message);
    }
  };
  const send = () => {
    const terms = createDatanetSchema.safeParse(ownTerms(title.trim(), domain, license));
    if (!terms.success) return setProblem(`The name: ${terms.error.issues[0]?.message}.`);
    setProblem(null);
    void onSend(file!, terms.data);
  };
  return (
    <div className="flex max-w-2xl flex-col items-start gap-4">
      <Field label="A CSV or JSON Lines file" hint="Up to 10,000 rows; read in your browser first.">
        {(control) => (
          <input
            {...control}
            type="file"
            accept=".csv,.tsv,.jsonl,.txt,.md"
            className="text-sm"
            onChange={({ target }) => void take(target.files?.[0])}
          />
        )}
      </Field>
      {file && <Columns file={file} onChange={(mapping) => setFile({ ...file, mapping })} />}
      {file && (
        <div className="grid w-full gap-4 sm:grid-cols-2">
          <Field label="What do you call this data?">
            {(control) => (
              <Input {...control} maxLength={80} value={title} onChange={({ target }) => setTitle(target.value)} />
            )}
          </Field>
          <Field label="Licence of the rows" hint="You must have the right to give it.">
            {(control) => (
              <Select
                {...control}
                value={license}
                onChange={({ target }) => setLicense(target.value as typeof license)}
              >
                {datanetLicenses.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </Select>
            )}
          </Field>
        </div>
      )}
      {problem && (
        <p role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
      {file && (
        <Button
          onClick={send}
          busy={sent !== null}
          disabled={ownFields.some(({ name }) => file.mapping[name] === null) || title.trim().length < 3}
        >
          {sent
            ? `Storing part ${sent.done + 1} of ${sent.of}`
            : `Bring in ${file.parsed.rows.length} rows, private to me`}
        </Button>
      )}
    </div>
  );
}

function Columns({ file, onChange }: { file: OwnFile; onChange: (mapping: OwnFile['mapping']) => void }) {
  const { parsed, mapping } = file;
  const first = parsed.rows[0]?.values ?? {};
  return (
    <div className="flex w-full flex-col gap-3">
      <p role="status">
        {parsed.rows.length} rows read
        {parsed.faults.length > 0 &&
          `; ${parsed.faults.length} could not be: line ${parsed.faults[0]?.line}, ${parsed.faults[0]?.fix}`}
        .
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        {ownFields.map(({ name, label }) => (
          <Field
            key={name}
            label={`${label}s are in the column`}
            hint={(first[mapping[name] ?? ''] ?? '').slice(0, 120)}
          >
            {(control) => (
              <Select
                {...control}
                value={mapping[name] ?? ''}
                onChange={({ target }) => onChange({ ...mapping, [name]: target.value || null })}
              >
                <option value="">Choose…</option>
                {parsed.columns.map((column) => (
                  <option key={column}>{column}</option>
                ))}
              </Select>
            )}
          </Field>
        ))}
      </div>
    </div>
  );
}
