/** What a model answered in the same span of time as the one beside it. */
export type AnswerCount = { done: number; failed: number };

/** Fewer failed answers are an accident, whatever their part. */
const failuresLeast = 5;

/**
 * Whether a canary fails so much more often than the model it stands in for that it must go: at least 5 failed answers, at least twice
 * the other's part, and a difference of three standard errors of two proportions, which chance alone makes about once in 700 looks.
 * False where the other one answered nothing: then there is nothing to compare with.
 */
export function isFailing(canary: AnswerCount, model: AnswerCount): boolean {
  const [ofCanary, ofModel] = [canary.done + canary.failed, model.done + model.failed];
  if (canary.failed < failuresLeast || ofModel === 0) return false;
  const [part, other] = [canary.failed / ofCanary, model.failed / ofModel];
  const both = (canary.failed + model.failed) / (ofCanary + ofModel);
  const standardError = Math.sqrt(both * (1 - both) * (1 / ofCanary + 1 / ofModel));
  return part >= 2 * other && part - other > 3 * standardError;
}
