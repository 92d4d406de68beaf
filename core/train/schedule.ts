/** Learning-rate schedules, as factors on the peak rate. Names and formulas as in Hugging Face transformers. */

export const LR_SCHEDULERS = ['constant', 'constant_with_warmup', 'linear', 'cosine'] as const;
export type LrScheduler = (typeof LR_SCHEDULERS)[number];

export interface ScheduleOptions {
  readonly scheduler: LrScheduler;
  readonly warmupSteps: number;
  readonly maxSteps: number;
}

/** The factor for optimizer step `step`, counted from 0. */
export function learningRateFactor(
  step: number,
  { scheduler, warmupSteps, maxSteps }: ScheduleOptions,
): number {
  if (scheduler === 'constant') return 1;
  if (step < warmupSteps) return step / Math.max(1, warmupSteps);
  if (scheduler === 'constant_with_warmup') return 1;
  const progress = (step - warmupSteps) / Math.max(1, maxSteps - warmupSteps);
  if (scheduler === 'linear') return Math.max(0, 1 - progress);
  return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
}

/** `warmup_steps` when given, else the ratio of all steps, rounded up. */
export function warmupSteps(steps: number, ratio: number, maxSteps: number): number {
  return steps > 0 ? steps : Math.ceil(ratio * maxSteps);
}
