'use client';

import { cx } from '#components/ui/cx.ts';
import { Icon } from '#components/ui/icon.tsx';
import { domainTitle } from './domain-title.ts';
import type { Wizard } from './use-wizard.ts';
import { dataTitle, missingIn, stepTitles, type WizardOptions, type WizardStep, wizardSteps } from './wizard-rules.ts';

/** The five screens with what was chosen in each; opens any of them. */
export function WizardTrail({
  wizard,
  options,
  className,
}: {
  wizard: Wizard;
  options: WizardOptions;
  className?: string;
}) {
  const { step, choices, goTo } = wizard;
  return (
    <nav aria-label="Steps" className={className}>
      <ol className="flex flex-col border-t border-hairline">
        {wizardSteps.map((one, i) => {
          const isDone = one !== 'launch' && missingIn(one, choices, options) === null;
          return (
            <li key={one} className="border-b border-hairline">
              <button
                type="button"
                onClick={() => goTo(one)}
                aria-current={one === step ? 'step' : undefined}
                className={cx(
                  'flex w-full items-baseline gap-3 px-2 py-2.5 text-left text-sm hover:bg-sunken',
                  one === step && 'bg-sunken font-medium',
                )}
              >
                <span className="figures w-4 shrink-0 self-center text-xs text-muted">
                  {isDone ? (
                    <>
                      <Icon name="check" className="size-3.5 text-good" />
                      <span className="sr-only">answered</span>
                    </>
                  ) : (
                    i + 1
                  )}
                </span>
                <span className="shrink-0">{stepTitles[one]}</span>
                <span className="ml-auto truncate text-xs font-normal text-muted">
                  {chosenIn(one, wizard, options)}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function chosenIn(step: WizardStep, { choices }: Wizard, options: WizardOptions): string {
  if (step === 'goal')
    return [choices.name.trim(), choices.domain && domainTitle(choices.domain)].filter(Boolean).join(', ');
  if (step === 'base') return choices.base;
  if (step === 'data') {
    return dataTitle(choices, options.versions);
  }
  return step === 'recipe' ? choices.preset : '';
}
