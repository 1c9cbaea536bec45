import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { registerVoucher } from '#app/keys/actions.ts';
import { AuditSection } from '#components/audits/audit-section.tsx';
import { Columns } from '#components/layout/columns.tsx';
import { Page } from '#components/layout/page.tsx';
import { EvaluationFiguresView, GateList } from '#components/model-factory/evaluation-view.tsx';
import { formatCount } from '#components/model-factory/format.ts';
import { MergedTable, mergedIntro, royaltiesNote } from '#components/model-factory/merged-models.tsx';
import { RunResult } from '#components/model-factory/run-outcome.tsx';
import { CardEditor } from '#components/models/card-editor-parts.tsx';
import { Markdown } from '#components/models/markdown.tsx';
import { ModelAccessView } from '#components/models/model-access.tsx';
import { ModelCode } from '#components/models/model-code.tsx';
import { ModelExports } from '#components/models/model-exports.tsx';
import { ModelLineage } from '#components/models/model-lineage.tsx';
import { ModelEarners, ModelReceipts } from '#components/models/model-money.tsx';
import { ModelVersionsView } from '#components/models/model-versions.tsx';
import { RoyaltySection } from '#components/models/royalty-section.tsx';
import { SplitBars } from '#components/models/split-bars.tsx';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Status } from '#components/ui/status.tsx';
import { loadModel } from '../_data.ts';
import {
  buyPassAction,
  chooseVersionAction,
  grantPassAction,
  requestAuditAction,
  requestExportAction,
  revokePassAction,
  saveCardAction,
  setAccessAction,
} from './actions.ts';

type Props = { params: Promise<{ slug: string }> };
type Loaded = NonNullable<Awaited<ReturnType<typeof loadModel>>>;

/** The address of a version has an @ (name@2), which Next leaves encoded in the params of pages. */
const readSlug = async (params: Props['params']): Promise<string> => decodeURIComponent((await params).slug);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadModel(await readSlug(params));
  return loaded ? { title: loaded.model.name, description: loaded.model.summary } : { title: 'Model' };
}

/** A model's card: what it is, how much better than its base, what it is made of, what it costs, who earns. */
export default async function ModelPage({ params }: Props) {
  const loaded = await loadModel(await readSlug(params));
  if (!loaded) notFound();
  const { model, appUrl, versions } = loaded;
  const version = versions?.versions.find(({ modelId }) => modelId === model.id);
  return (
    <Page
      title={model.name}
      eyebrow={
        <>
          <Link href="/models">Models</Link>
          {version && ` · version ${version.number}${version.isChosen ? ', which answers now' : ''}`}
        </>
      }
      intro={model.summary}
      actions={
        model.live && (
          <LinkButton href={`/playground?model=${loaded.shownSlug}`} variant="primary">
            Ask it
          </LinkButton>
        )
      }
    >
      <Columns side={<SideColumn loaded={loaded} />}>
        <Overview model={model} />
        {model.merged.length > 0 && (
          <Section title="Merged from" intro={mergedIntro}>
            <MergedTable merged={model.merged} royaltiesBps={loaded.mergeRoyalties} />
            {loaded.mergeRoyalties && <p className="mt-3 text-sm text-muted">{royaltiesNote}</p>}
          </Section>
        )}
        <Card loaded={loaded} />
        {loaded.versions && (
          <ModelVersionsView versions={loaded.versions} choose={loaded.isOwner ? chooseVersionAction : null} />
        )}
        {loaded.access && (
          <ModelAccessView
            access={loaded.access}
            isSignedIn={loaded.isSignedIn}
            actions={{
              buy: buyPassAction,
              grant: grantPassAction,
              registerVoucher,
              revoke: revokePassAction,
              set: setAccessAction,
            }}
          />
        )}
        <Evaluation loaded={loaded} />
        <AuditSection
          adapterId={model.adapter.id}
          report={loaded.audit}
          request={loaded.isOwner ? requestAuditAction : undefined}
        />
        <Money loaded={loaded} />
        <Section
          title="Use it in code"
          intro="The API is OpenAI’s. A key comes from the Keys page; its budget is paid from your channel."
          action={
            <Link href="/keys" className="link text-sm">
              Make a key
            </Link>
          }
        >
          <ModelCode slug={loaded.shownSlug} appUrl={appUrl} />
        </Section>
      </Columns>
      {!model.live && <RefreshWhile />}
    </Page>
  );
}

function Overview({ model }: Pick<Loaded, 'model'>) {
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 text-sm">
        {model.live ? (
          <Status tone="good">{model.access === 'holders' ? 'Live, for holders of a pass' : 'Live'}</Status>
        ) : (
          <Status tone="warn" live>
            Waits for its owner’s transaction
          </Status>
        )}
        <span className="flex items-center gap-2 text-muted">
          by <Address address={model.owner} />
        </span>
        {!model.live && (
          <Link href={`/runs/${model.run.id}`} className="link">
            Its owner publishes it on the run’s page
          </Link>
        )}
      </div>
      <StatRow>
        <Stat label="Answers" value={formatCount(model.answers)} />
        <Stat label="Charged to callers" value={<Amount wei={model.chargedWei} />} />
        <Stat label="Paid out so far" value={<Amount wei={model.earnedWei} />} note="in settled payment windows" />
      </StatRow>
    </div>
  );
}

function Card({ loaded: { model, card, isOwner } }: { loaded: Loaded }) {
  return (
    <Section title="Model card">
      <div className="flex flex-col gap-6">
        <Markdown source={card} />
        {isOwner && <CardEditor key={model.id} model={model.id} initial={card} save={saveCardAction} />}
      </div>
    </Section>
  );
}

function Evaluation({ loaded: { model, evaluation } }: { loaded: Loaded }) {
  return (
    <Section
      title="Against its base"
      intro={
        model.merged.length > 0
          ? `Measured on ${model.heldOutRows} rows that its models had sealed and none of them was trained on.`
          : `Measured on ${model.heldOutRows} sealed rows of the same Datanet, chosen by their hash and never trained on.`
      }
    >
      <div className="flex flex-col gap-6">
        <RunResult evalLoss={model.evalLoss} baseEvalLoss={model.baseEvalLoss} />
        {evaluation?.figures && (
          <EvaluationFiguresView evaluation={evaluation} hasVotes={evaluation.votes.preference !== null} />
        )}
        {evaluation?.figures && <GateList verdicts={evaluation.verdicts} />}
      </div>
    </Section>
  );
}

function Money({ loaded: { receipts, earners } }: { loaded: Loaded }) {
  return (
    <Section title="Receipts and earnings">
      {receipts.length === 0 ? (
        <p className="text-sm text-muted">Nobody has asked it yet. Each answer leaves a receipt here.</p>
      ) : (
        <div className="flex flex-col gap-6">
          <ModelReceipts receipts={receipts} />
          {earners.length === 0 ? (
            <p className="text-sm text-muted">
              Nothing is settled yet; paid answers are shared out in the next payment window.
            </p>
          ) : (
            <div>
              <h3 className="title-small mb-2">Who earned most</h3>
              <ModelEarners earners={earners} />
            </div>
          )}
        </div>
      )}
    </Section>
  );
}

function SideColumn({ loaded: { model, exports, royalty, isOwner, protocolFeeBps, audit } }: { loaded: Loaded }) {
  return (
    <>
      <Section title="Price">
        <dl className="flex flex-col gap-2 text-sm">
          <div className="flex justify-between gap-4">
            <dt className="text-muted">1,000 tokens read</dt>
            <dd>
              <Amount wei={model.inputWeiPerToken * 1_000n} />
            </dd>
          </div>
          <div className="flex justify-between gap-4">
            <dt className="text-muted">1,000 tokens written</dt>
            <dd>
              <Amount wei={model.outputWeiPerToken * 1_000n} />
            </dd>
          </div>
        </dl>
      </Section>
      <Section title="Where the price goes">
        <SplitBars
          split={model.split}
          protocolFeeBps={protocolFeeBps}
          byInfluence={audit.certificate.status === 'certified'}
        />
      </Section>
      {royalty && model.onChain && (
        <RoyaltySection royalty={royalty} registryId={model.onChain.registryId} isOwner={isOwner} />
      )}
      <ModelLineage model={model} />
      {exports && <ModelExports slug={model.slug} exports={exports} request={requestExportAction} />}
    </>
  );
}
