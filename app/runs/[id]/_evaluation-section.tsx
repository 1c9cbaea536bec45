import { BlindCompare } from '#components/model-factory/blind-compare.tsx';
import { EvaluationFiguresView, GateList } from '#components/model-factory/evaluation-view.tsx';
import { GatesForm } from '#components/model-factory/gates-form.tsx';
import { MeasureAgain } from '#components/model-factory/measure-again.tsx';
import { QuestionSets } from '#components/model-factory/question-sets.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Section } from '#components/ui/section.tsx';
import { Status } from '#components/ui/status.tsx';
import type { loadRun } from './_data.ts';
import { castVoteAction, evaluateSetAction, repeatEvaluationAction, saveSetAction, setGatesAction } from './actions.ts';

type Loaded = NonNullable<Awaited<ReturnType<typeof loadRun>>>;

/** The adapter beside its base on the sealed rows, the gates before its publication, and the blind comparison. */
export function EvaluationSection({ loaded }: { loaded: Loaded }) {
  const { config, evaluation, isOwner, blindPair, isSignedIn } = loaded;
  if (!evaluation || evaluation.status === 'queued')
    return (
      <Section title="Evaluation">
        <Status wrap tone="info" live>
          Base and adapter answer the sealed rows; that takes seconds to minutes
        </Status>
        <RefreshWhile everyMs={3_000} />
      </Section>
    );
  if (evaluation.status === 'failed')
    return (
      <Section title="Evaluation">
        <div className="flex flex-col items-start gap-3 text-sm">
          <p role="alert">{evaluation.error} The adapter is kept, but it cannot be published unmeasured.</p>
          {isOwner && <MeasureAgain evaluationId={evaluation.id} repeat={repeatEvaluationAction} />}
        </div>
      </Section>
    );
  return (
    <>
      <Section
        title="Evaluation"
        intro={
          config.merged.length > 0
            ? 'On rows that its models had sealed, by their hash, before their trainings; none of them was trained on by any.'
            : 'On the rows that were sealed, by their hash, before the first step; none of them was trained on.'
        }
      >
        <EvaluationFiguresView evaluation={evaluation} hasVotes />
      </Section>
      <Section title="Gates" intro="Only the adapter whose hash passed all of them can be published.">
        <div className="flex flex-col gap-4">
          <GateList verdicts={evaluation.verdicts} />
          {isOwner && <GatesForm evaluationId={evaluation.id} gates={evaluation.gates} save={setGatesAction} />}
        </div>
      </Section>
      <Section title="Blind comparison" intro="Two answers to a sealed question. Which one is better?">
        {isSignedIn ? (
          <BlindCompare first={blindPair} vote={castVoteAction} />
        ) : (
          <p className="text-sm text-muted">Sign in to vote; one vote an account and question.</p>
        )}
      </Section>
      {isSignedIn && <OwnQuestions loaded={loaded} />}
    </>
  );
}

/** Measured with the reader's own saved questions; nobody else sees them. */
function OwnQuestions({ loaded: { run, config, sets, setEvaluations } }: { loaded: Loaded }) {
  return (
    <Section
      title="Your own questions"
      intro={`Saved sets measure any adapter again and again; only you see them.${config.merged.length > 0 ? ' A set measures the merge and each of its models, side by side above.' : ''}`}
    >
      <div className="flex flex-col gap-6">
        {setEvaluations.map((evaluation) => (
          <div key={evaluation.id} className="flex flex-col gap-3">
            <h3 className="title-small">{evaluation.setName}</h3>
            {evaluation.status === 'queued' && (
              <Status tone="info" live>
                Being measured
              </Status>
            )}
            {evaluation.status === 'failed' && <p role="alert">{evaluation.error}</p>}
            <EvaluationFiguresView evaluation={evaluation} hasVotes={false} />
          </div>
        ))}
        {setEvaluations.some(({ status }) => status === 'queued') && <RefreshWhile everyMs={3_000} />}
        <QuestionSets
          runId={run.id}
          sets={sets.filter(({ id }) => !setEvaluations.some(({ setId }) => setId === id))}
          save={saveSetAction}
          evaluate={evaluateSetAction}
        />
      </div>
    </Section>
  );
}
