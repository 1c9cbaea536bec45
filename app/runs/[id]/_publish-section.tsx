import Link from 'next/link';
import { PublishForm } from '#components/model-factory/publish-form.tsx';
import { defaultSplit, type PublishFormValues, toFormValues } from '#components/model-factory/publish-terms.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Section } from '#components/ui/section.tsx';
import { Status } from '#components/ui/status.tsx';
import type { loadRun } from './_data.ts';
import { publishModelAction } from './actions.ts';

type Loaded = NonNullable<Awaited<ReturnType<typeof loadRun>>>;

/** What follows a finished run: its model when there is one, else how the owner publishes it. */
export function PublishSection({ loaded }: { loaded: Loaded }) {
  const { run, config, model, evaluation, isOwner, protocolFeeBps } = loaded;
  if (model?.live) {
    return (
      <Section title="Published">
        <div className="flex flex-col items-start gap-4">
          <Status tone="good">{model.name} is live on chain</Status>
          <LinkButton href={`/models/${model.slug}`} variant="primary">
            Open the model
          </LinkButton>
        </div>
      </Section>
    );
  }
  if (!isOwner) {
    return (
      <Section title="Publish">
        <p className="text-sm text-muted">
          Only the account that started this run can publish its adapter. If it is yours, sign in with that account.
        </p>
      </Section>
    );
  }
  if (!config.anchored) {
    return (
      <Section title="Publish">
        <EmptyState
          title="The version is not on chain yet"
          action={
            <LinkButton href={`/datanets/${run.datanet.slug}?tab=versions`}>Open the Datanet’s versions</LinkButton>
          }
        >
          A published model proves what it was trained on, so version {run.version.number} must be anchored first. A
          curator of <Link href={`/datanets/${run.datanet.slug}`}>{run.datanet.title}</Link> does that with one
          transaction.
          <RefreshWhile everyMs={4_000} />
        </EmptyState>
      </Section>
    );
  }
  if (!evaluation?.passed) {
    return (
      <Section title="Publish">
        <p className="text-sm text-muted">
          {evaluation?.status === 'done'
            ? 'A gate above is not passed, so this adapter cannot be published. Train it again, or change the gates.'
            : 'It can be published when it has been measured, see above.'}
        </p>
      </Section>
    );
  }
  return (
    <Section
      title="Publish"
      intro="Others can ask the model as soon as the chain has it, and each paid answer pays everybody whose work is in it."
    >
      <PublishForm
        runId={run.id}
        families={loaded.families}
        licence={loaded.licence}
        initial={model ? toFormValues(model) : initialValues(loaded)}
        protocolFeeBps={protocolFeeBps}
        publish={publishModelAction}
      />
      {model && <RefreshWhile />}
    </Section>
  );
}

function initialValues({ run, config }: Loaded): PublishFormValues {
  return {
    versionOf: '',
    name: run.name,
    summary:
      config.merged.length > 0
        ? `Does what ${config.merged.map(({ name }) => name).join(' and ')} do together, merged by weight.`.slice(
            0,
            280,
          )
        : `Answers in the manner of ${run.datanet.title}, trained on ${run.version.rowCount} of its rows.`,
    inputPrice: '1',
    outputPrice: '2',
    split: defaultSplit,
  };
}
