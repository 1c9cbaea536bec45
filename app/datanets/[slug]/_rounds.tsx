import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { AppointValidator } from '#components/datanets/rounds/appoint-validator.tsx';
import { GoldRowForm } from '#components/datanets/rounds/gold-row-form.tsx';
import { RoundList } from '#components/datanets/rounds/round-list.tsx';
import { StandingTable } from '#components/datanets/rounds/standing-table.tsx';
import { WaitingList } from '#components/datanets/rounds/waiting-list.tsx';
import { Address } from '#components/ui/address.tsx';
import { Section } from '#components/ui/section.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { isCurator } from '#lib/datanets/rules.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { findLastScan } from '#lib/guard/find-last-scan.ts';
import { findPerplexityState } from '#lib/guard/find-perplexity-state.ts';
import { listWaiting } from '#lib/validation/list-waiting.ts';
import { countGoldRows, listAppeals, listRounds, listValidators, listVetoes } from '#lib/validation/queries.ts';
import type { AppealView, VetoView } from '#lib/validation/types.ts';
import { setDatanetRoleAction } from '../actions.ts';
import { addGoldRowAction } from '../validation-actions.ts';

type Props = { datanet: DatanetDetail; you: string | null };

/** Validators at work: what waits on whom, one's own seats, rounds, reputations, appeals and vetoes. */
export async function Rounds({ datanet, you }: Props) {
  const { db, now } = buildDeps();
  const at = now();
  const [waiting, rounds, validators, appeals, vetoes, scan, reading] = await Promise.all([
    listWaiting(db, datanet.id, at),
    listRounds(db, datanet.id, at),
    listValidators(db, datanet.id, at),
    listAppeals(db, datanet.id, { address: you, decides: you !== null && isCurator(datanet, you) }),
    listVetoes(db, datanet.id),
    findLastScan(db, datanet.id),
    findPerplexityState(db, datanet.id),
  ]);
  return (
    <>
      <Section title="What waits on whom">
        <WaitingList waiting={waiting} you={you} />
        {scan && <LastScan scan={scan} />}
        {reading.waiting > 0 && <Reading state={reading} />}
      </Section>
      <Section
        title="Rounds of validators"
        intro="Rows decided by several people who cannot see each other’s verdicts: first all commit to a hash, then all reveal. Gold rows with known verdicts stand unseen among the others; that is why rows that wait or were refused are read by their authors, the owner and the curators alone, and why those take no seat."
      >
        <RoundList rounds={rounds} />
      </Section>
      <Section title="Validators">
        <StandingTable validators={validators} />
        {you === datanet.owner && <AppointValidator datanetId={datanet.id} setRole={setDatanetRoleAction} />}
      </Section>
      {appeals.length > 0 && <Appeals appeals={appeals} slug={datanet.slug} />}
      {vetoes.length > 0 && <Vetoes vetoes={vetoes} slug={datanet.slug} />}
      {you === datanet.owner && <GoldRows datanet={datanet} />}
    </>
  );
}

/** Which phrases were found is for who decides about the rows: naming them to everybody would teach how to hide the next. */
function LastScan({ scan }: { scan: NonNullable<Awaited<ReturnType<typeof findLastScan>>> }) {
  const found = scan.triggers.length;
  return (
    <p className="mt-4 text-sm text-muted">
      Last scan for planted triggers <TimeAgo at={scan.scannedAt} />: {scan.rows} rows read,{' '}
      {found === 0
        ? 'nothing found.'
        : `${found} suspicious ${found === 1 ? 'phrase' : 'phrases'}, ${scan.heldRows} rows held.`}
    </p>
  );
}

/** How far the base model is with the rows that wait; what it found stands in their scorecards. */
function Reading({ state }: { state: Awaited<ReturnType<typeof findPerplexityState>> }) {
  const { waiting, read, judged, marked } = state;
  return (
    <p className="mt-2 text-sm text-muted">
      {read < waiting
        ? `A language model has read ${read} of the ${waiting} rows that wait longest; the others are read by the worker, a few minutes at most while it runs and a base model is there.`
        : `A language model has read the ${waiting} rows that wait longest.`}{' '}
      {judged < read
        ? 'There were too few accepted rows to compare them all with (30 are needed), so some were not judged.'
        : marked === 0
          ? read > 0 && 'None of them is unusual.'
          : `${marked} ${marked === 1 ? 'is' : 'are'} unusually surprising or predictable, which stands in their scorecards.`}
    </p>
  );
}

/** For the owner alone: how many there are, and one more. Their texts are shown to nobody, so that no screen gives them away. */
async function GoldRows({ datanet }: { datanet: DatanetDetail }) {
  const { accept, reject } = await countGoldRows(buildDeps().db, datanet.id);
  return (
    <Section
      title="Gold rows"
      intro={`Rows whose right verdict you know, mixed unseen among the others. A round needs at least one to accept and one to reject, and no validator is dealt one twice; there ${accept + reject === 1 ? 'is' : 'are'} ${accept} to accept and ${reject} to reject.`}
    >
      <GoldRowForm datanetId={datanet.id} fields={datanet.fields} add={addGoldRowAction} />
    </Section>
  );
}

const states: Record<AppealView['state'], string> = {
  open: 'open',
  upheld: 'the rejection stands',
  overturned: 'accepted after all',
};

function Appeals({ appeals, slug }: { appeals: readonly AppealView[]; slug: string }) {
  return (
    <Section title="Appeals" intro="Each is decided by validators who had no part in the first judgement.">
      <ul className="flex flex-col text-sm">
        {appeals.map((appeal) => (
          <li key={appeal.id} className="flex flex-wrap gap-x-3 gap-y-1 border-b border-hairline py-3">
            <Link className="link" href={`/datanets/${slug}/rows/${appeal.exampleId}`}>
              Row …{appeal.exampleId.slice(-6)}
            </Link>
            <span>{states[appeal.state]}</span>
            <span className="max-w-prose">
              {appeal.reason ? `“${appeal.reason}”` : 'why is told once it is decided'}
            </span>
            <Address address={appeal.appellant} copy={false} />
            <span className="text-muted">
              <TimeAgo at={appeal.decidedAt ?? appeal.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Vetoes({ vetoes, slug }: { vetoes: readonly VetoView[]; slug: string }) {
  return (
    <Section
      title="The owner’s vetoes"
      intro="Rows that validators accepted and the owner took out. Nobody can clear this log."
    >
      <ul className="flex flex-col text-sm">
        {vetoes.map((veto) => (
          <li key={veto.exampleId} className="flex flex-wrap gap-x-3 gap-y-1 border-b border-hairline py-3">
            <Link className="link" href={`/datanets/${slug}/rows/${veto.exampleId}`}>
              Row …{veto.exampleId.slice(-6)}
            </Link>
            <span className="max-w-prose">“{veto.reason}”</span>
            <Address address={veto.owner} copy={false} />
            <span className="text-muted">
              <TimeAgo at={veto.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
