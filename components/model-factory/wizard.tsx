'use client';

import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import type { OwnRowsActions } from './own-rows-actions.ts';
import { StepBase } from './step-base.tsx';
import { StepData } from './step-data.tsx';
import { StepGoal } from './step-goal.tsx';
import { type StartAction, StepLaunch } from './step-launch.tsx';
import { StepRecipe } from './step-recipe.tsx';
import type { EstimateAction } from './use-estimate.ts';
import type { RegisterVoucher } from './use-training-payment.ts';
import { useWizard, type Wizard } from './use-wizard.ts';
import {
  firstMissing,
  missingIn,
  stepTitles,
  type WizardOptions,
  type WizardStep,
  wizardSteps,
} from './wizard-rules.ts';
import { WizardTrail } from './wizard-trail.tsx';

const intros: Record<WizardStep, string> = {
  goal: 'A small adapter is trained on top of a frozen base model. Say what it should be good at.',
  base: 'The frozen model that reads and writes; the adapter teaches it your subject.',
  data: 'A frozen version of a Datanet: its rows can never change, so the result can be proved.',
  recipe: 'How long and how hard it trains. One row in ten is held out, to measure what was learnt.',
  launch: 'What it takes and what it may gain; then it trains.',
};

/** ModelFactory: five short screens; any of them can be opened, and a reload or a link shows the same. */
export function WizardView({
  options,
  estimate,
  start,
  registerVoucher,
  own,
}: {
  options: WizardOptions;
  estimate: EstimateAction;
  start: StartAction;
  registerVoucher: RegisterVoucher;
  own: OwnRowsActions;
}) {
  const wizard = useWizard(options);
  const { step, choices, goTo } = wizard;
  return (
    <div className="grid grid-cols-1 gap-8 lg:grid-cols-12">
      <WizardTrail wizard={wizard} options={options} className="lg:col-span-4" />
      <section aria-labelledby="wizard-step" className="flex min-w-0 flex-col gap-6 lg:col-span-8">
        <header>
          <h2 id="wizard-step" className="title-section">
            {stepTitles[step]}
          </h2>
          <p className="prose-measure mt-2 text-muted">{intros[step]}</p>
        </header>
        <StepBody
          wizard={wizard}
          options={options}
          estimate={estimate}
          start={start}
          registerVoucher={registerVoucher}
          own={own}
        />
        <StepFooter
          step={step}
          missing={missingIn(step, choices, options)}
          onGo={(next) => {
            goTo(next);
            document.getElementById('wizard-step')?.scrollIntoView({ block: 'nearest' });
          }}
        />
      </section>
    </div>
  );
}

function StepBody({
  wizard,
  options,
  estimate,
  start,
  registerVoucher,
  own,
}: {
  wizard: Wizard;
  options: WizardOptions;
  estimate: EstimateAction;
  start: StartAction;
  registerVoucher: RegisterVoucher;
  own: OwnRowsActions;
}) {
  const { step, choices, goTo } = wizard;
  if (step === 'goal') return <StepGoal wizard={wizard} options={options} />;
  if (step === 'base') return <StepBase wizard={wizard} options={options} />;
  if (step === 'data') return <StepData wizard={wizard} options={options} estimate={estimate} own={own} />;
  if (step === 'recipe') return <StepRecipe wizard={wizard} options={options} />;
  const missing = firstMissing(choices, options);
  if (missing)
    return (
      <div className="flex flex-col items-start gap-3 border-y border-hairline py-6">
        <p>{missing.sentence}</p>
        <Button onClick={() => goTo(missing.step)}>Go to {stepTitles[missing.step]}</Button>
      </div>
    );
  return (
    <StepLaunch
      choices={choices}
      options={options}
      estimate={estimate}
      start={start}
      registerVoucher={registerVoucher}
    />
  );
}

function StepFooter({
  step,
  missing,
  onGo,
}: {
  step: WizardStep;
  missing: string | null;
  onGo: (step: WizardStep) => void;
}) {
  const at = wizardSteps.indexOf(step);
  const [before, after] = [wizardSteps[at - 1], wizardSteps[at + 1]];
  return (
    <footer className="flex flex-wrap items-center gap-3 border-t border-hairline pt-4">
      {before && (
        <Button variant="quiet" onClick={() => onGo(before)}>
          <Icon name="arrow-left" className="size-4" /> {stepTitles[before]}
        </Button>
      )}
      {after && (
        <Button variant={missing ? 'secondary' : 'primary'} disabled={missing !== null} onClick={() => onGo(after)}>
          {stepTitles[after]} <Icon name="arrow-right" className="size-4" />
        </Button>
      )}
      {missing && (
        <p role="status" className="text-sm text-muted">
          {missing}
        </p>
      )}
    </footer>
  );
}
