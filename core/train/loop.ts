import type { Backend } from '../contracts/backend.js';
import type { Scratch } from '../contracts/scratch.js';
import type { Optimizer } from '../contracts/optimizer.js';
import type { TunerStep } from '../contracts/tuner.js';
import type { Sample } from '../contracts/template.js';
import { SeededRandom } from '../data/random.js';
import type { SampleSet } from '../data/encode-dataset.js';
import { longestOf, tokensOf } from '../data/sequences.js';
import type { SampleStream } from '../data/stream-plan.js';
import type { CausalLM } from '../nn/index.js';
import { nonFiniteWeight } from '../model/non-finite-weights.js';
import { weightEntries } from '../runtime/memory-report.js';
import type { EmbeddingNoise } from '../runtime/embedding-noise.js';
import { TrainEngine, type TrainEngineOptions } from '../runtime/train-engine.js';
import { calibrate } from './calibrate.js';
import { checkBestMetric, isBetter, measuresOf } from './best-metric.js';
import { planOf, repeated, type DataPlan, type DataStep } from '../data/data-plan.js';
import { clipGradients, gradientNorm } from './gradients.js';
import { makePasses, type MadePasses } from './make-passes.js';
import { microBatches, rowLengths, type MicroBatchOptions } from '../data/micro-batches.js';
import { nonFinite } from './non-finite.js';
import type { Predictions } from './predictions.js';
import { promptsPerStep, RolloutPasses, type Answering } from './rollout-passes.js';
import type { RunObserver, StepReport } from './observer.js';
import type { Optimized } from './optimized.js';
import type { TrainOptions } from './options.js';
import { learningRateFactor, warmupSteps } from './schedule.js';
import { freshState, type TrainerState } from './state.js';
import type { Teaching } from './teaching.js';
import { TrainedParameters } from './trained-parameters.js';

export interface LoopJob {
  readonly model: CausalLM;
  readonly backend: Backend;
  readonly trainer: Optimized;
  readonly optimizer: Optimizer;
  readonly options: TrainOptions;
  /** What is trained on: in memory, or read as training goes. */
  readonly data: SampleSet | SampleStream;
  readonly validation: readonly Sample[];
  /** What a tuner changes before a step. */
  readonly beforeStep?: (at: TunerStep) => void;
  /** What an objective with a reference is held against; the model without its adapters when absent. */
  readonly reference?: {
    /** Another model. */
    readonly model?: CausalLM;
    /** Ask it of all samples before training, and then no more. */
    readonly precompute?: boolean;
  };
  /** Where offloaded weights and activations lie. */
  readonly scratch?: Scratch;
  /** Whose predictions an objective with a teacher is held against: a model, or what tells them. */
  readonly teacher?: CausalLM | Teaching;
  /** What answers prompts, for a trainer that wants them answered. */
  readonly answering?: Answering;
  /** What also answers the rows of evaluations. */
  readonly predictions?: Predictions;
  /** Tokens per packed row, when packing. */
  readonly packing?: number;
  readonly padTokenId: number;
  /** Where an interrupted run stood. */
  readonly resume?: TrainerState;
  readonly observers: readonly RunObserver[];
  /** Writes a checkpoint of the state given. */
  readonly save: (state: TrainerState) => Promise<void>;
  /** Ends the run after the current step, with a checkpoint. */
  readonly signal?: AbortSignal;
}

/** Runs optimizer steps until the job is done, stopped early or interrupted. @throws SwiftError NON_FINITE_LOSS */
export async function runLoop(job: LoopJob): Promise<TrainerState> {
  const loop = new TrainLoop(job);
  try {
    return await loop.run();
  } finally {
    await loop.release();
  }
}

class TrainLoop {
  private readonly engine: TrainEngine;
  private made?: MadePasses;
  private readonly plan: DataPlan;
  private readonly lengths: readonly number[];
  private trained: TrainedParameters;
  private readonly maxSteps: number;
  private readonly state: TrainerState;
  private savedStep = -1;
  /** Steps done before this run. */
  private readonly firstStep: number;
  /** Whether the last step was the last of a pass over the data. */
  private endsEpoch = false;

  constructor(private readonly job: LoopJob) {
    const { options, model, data, validation, resume } = job;
    const rollouts = job.trainer.objective?.rollouts;
    const learned = options.batch_size * options.gradient_accumulation_steps;
    const samplesPerStep = rollouts ? promptsPerStep(learned, rollouts) : learned;
    const planned = { packing: job.packing, samplesPerStep, seed: options.seed };
    const plan = planOf(data, planned, resume?.data_cursor);
    this.plan = rollouts ? repeated(plan, rollouts.num_iterations) : plan;
    const answer = rollouts?.max_completion_length ?? 0;
    this.lengths = rowLengths(Math.max(this.plan.longest, longestOf(validation)) + answer);
    // Of a stream nobody knows how long it is, so its runs name max_steps.
    const { stepsPerEpoch = NaN } = this.plan;
    this.maxSteps = options.max_steps > 0 ? options.max_steps : options.num_train_epochs * stepsPerEpoch;
    this.state = job.resume ?? freshState(this.maxSteps);
    this.state.max_steps = this.maxSteps;
    this.firstStep = this.state.global_step;
    job.beforeStep?.(tunerStep(options.seed, this.firstStep));
    this.trained = new TrainedParameters(model, job.optimizer.slots);
    const { gradients } = this.trained;
    this.engine = new TrainEngine(job.backend, model, { ...this.engineOptions, gradients });
  }

  async run(): Promise<TrainerState> {
    const { state, job } = this;
    const trainable = this.trained.list.reduce((sum, { data }) => sum + data.length, 0);
    const start = { state, stepsPerEpoch: this.plan.stepsPerEpoch, rows: this.plan.rows, trainable };
    for (const observer of job.observers) await observer.onStart?.(start);
    // Prompts have no loss of their own to compare.
    if (job.options.compute_precision === 'int8' && !job.answering) await this.calibrate();
    this.made = await makePasses(job, this.engine, this.layout, this.engineOptions);
    const { measures } = this.made.passes;
    if (measures && job.validation.length > 0)
      checkBestMetric(job.options.metric_for_best_model, [...measures, ...(job.predictions?.measures ?? [])]);
    await job.predictions?.begin(state.global_step);
    let firstOfRun = true;
    while (state.global_step < this.maxSteps) {
      const report = await this.step();
      for (const observer of job.observers) await observer.onStep?.(report);
      if (firstOfRun) this.reportMemory();
      firstOfRun = false;
      const interrupted = job.signal?.aborted === true;
      if (!interrupted && this.isDue('eval')) await this.evaluate();
      if (interrupted || this.isDue('save')) await this.save();
      if (interrupted || this.shouldStopEarly()) break;
    }
    this.reportMemory();
    for (const observer of job.observers) await observer.onEnd?.(state);
    return state;
  }

  private get layout(): MicroBatchOptions {
    const { model, padTokenId } = this.job;
    return { lengths: this.lengths, padTokenId, packs: model.packs };
  }

  private get engineOptions(): TrainEngineOptions {
    const { residuals, compute_precision: precision, router_aux_loss_coef } = this.job.options;
    const { rollouts, readings } = this.job.trainer.objective ?? {};
    // A divergence has a temperature of its own, beside which cross entropy is what it is.
    const temperature = readings?.includes('divergence') ? undefined : rollouts?.sampling.temperature;
    const { teacher: divergence } = this.job.trainer.objective ?? {};
    const { scratch } = this.job;
    return { residuals, precision, temperature, divergence, router_aux_loss_coef, scratch };
  }

  private reportMemory(): void {
    const { model, options, observers } = this.job;
    if (!options.memory_report) return;
    const beside = this.trained.list.reduce(
      (sum, { grad, slots }) => sum + grad.byteLength * (1 + slots.length),
      0,
    );
    const entries = [
      ...weightEntries(model),
      { what: 'gradients and optimizer', bytes: beside },
      ...this.engine.memory(),
    ];
    for (const observer of observers) observer.onMemory?.(entries.filter(({ bytes }) => bytes > 0));
  }

  /** Compares 8-bit arithmetic with float32 on the first micro-batch. */
  private async calibrate(): Promise<void> {
    const { model, backend, options, observers } = this.job;
    const step = this.state.global_step;
    const [batch] = microBatches((await this.plan.at(step)).samples, this.layout);
    const report = await calibrate({ model, backend, options: this.engineOptions }, batch, () => {
      const random = SeededRandom.stream(options.seed, 'dropout', step, 0);
      return () => random.uniform();
    });
    for (const observer of observers) observer.onCalibrate?.(report);
  }

  async release(): Promise<void> {
    await this.made?.release();
    await this.job.answering?.release();
    await this.job.predictions?.release();
    if ('release' in this.job.data) await this.job.data.release();
    await this.engine.release();
    this.trained.release();
  }

  private async step(): Promise<StepReport> {
    const { options, optimizer } = this.job;
    const started = performance.now();
    const step = this.state.global_step;
    this.retune(step);
    const parameters = this.trained.list;
    const data = await this.dataAt(step);
    const { samples } = data;
    this.engine.zeroGradients();
    this.engine.noise = noiseOf(options, step);
    const { passes } = this.made!;
    const dropout = (i: number) => {
      const random = SeededRandom.stream(options.seed, 'dropout', step, i);
      return () => random.uniform();
    };
    const { loss, correct, supervised, metrics, tokens } = await passes.train(samples, dropout, step);
    const gradients = parameters.map(({ grad }) => grad);
    const norm = gradientNorm(gradients);
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      const weight = await nonFiniteWeight(this.job.model);
      const saved = this.savedStep >= 0 || this.job.resume !== undefined;
      throw nonFinite({ step: step + 1, loss, samples, parameters, weight, saved });
    }
    clipGradients(gradients, norm, options.max_grad_norm);
    const schedule = {
      scheduler: options.lr_scheduler_type,
      warmupSteps: warmupSteps(options.warmup_steps, options.warmup_ratio, this.maxSteps),
      maxSteps: this.maxSteps,
    };
    const learningRate = options.learning_rate * learningRateFactor(step, schedule);
    optimizer.step(parameters, learningRate, options.optimizer_options);
    this.state.global_step = step + 1;
    this.state.epoch = data.epoch;
    this.state.data_cursor = data.cursor;
    this.state.rollout = passes instanceof RolloutPasses ? passes.held : undefined;
    this.endsEpoch = data.endsEpoch;
    return {
      state: this.state,
      loss,
      correct,
      supervised,
      metrics,
      tokens: tokens ?? samples.reduce((sum, sample) => sum + tokensOf(sample), 0),
      gradientNorm: norm,
      learningRate,
      seconds: (performance.now() - started) / 1000,
    };
  }

  /** Has the tuner say what trains in a step. */
  private retune(step: number): void {
    const { beforeStep, options, model, optimizer } = this.job;
    beforeStep?.(tunerStep(options.seed, step));
    if (!beforeStep || this.trained.isCurrent) return;
    this.trained.release();
    this.trained = new TrainedParameters(model, optimizer.slots);
    this.engine.retune(this.trained.gradients);
  }

  /** A row of a stream that stops the run takes nothing with it that was learned before. */
  private async dataAt(step: number): Promise<DataStep> {
    try {
      return await this.plan.at(step);
    } catch (error) {
      if (step > this.firstStep) await this.save();
      throw error;
    }
  }

  private async evaluate(): Promise<void> {
    const { validation, observers, options } = this.job;
    if (validation.length === 0) return;
    const started = performance.now();
    const { loss, correct, supervised, metrics: own } = await this.made!.passes.evaluate(validation);
    const accuracy = correct === undefined ? undefined : correct / supervised;
    const { state } = this;
    const predicted = await this.job.predictions?.predict(validation, state.global_step);
    const metrics = { ...own, ...predicted };
    const measures = measuresOf({ loss, accuracy, metrics });
    const { metric_for_best_model: name } = options;
    checkBestMetric(name, [...measures.keys()]);
    const measured = measures.get(name)!;
    if (isBetter(measured, state.best_metric, options)) {
      state.best_metric = measured;
      state.best_step = state.global_step;
      state.evaluations_without_gain = 0;
    } else {
      state.evaluations_without_gain++;
    }
    const seconds = (performance.now() - started) / 1000;
    const report = { state, loss, accuracy, metrics, samples: validation.length, seconds };
    for (const observer of observers) await observer.onEvaluate?.(report);
  }

  private async save(): Promise<void> {
    if (this.savedStep === this.state.global_step) return;
    await this.job.save(this.state);
    this.savedStep = this.state.global_step;
  }

  /** The last step always evaluates and saves, unless the strategy is `no`. */
  private isDue(what: 'eval' | 'save'): boolean {
    const strategy = this.job.options[`${what}_strategy`];
    const step = this.state.global_step;
    if (strategy === 'no') return what === 'save' && step === this.maxSteps;
    if (step === this.maxSteps) return true;
    if (strategy === 'epoch') return this.endsEpoch;
    return step % this.job.options[`${what}_steps`] === 0;
  }

  private shouldStopEarly(): boolean {
    const limit = this.job.options.early_stop_interval;
    return limit > 0 && this.state.evaluations_without_gain >= limit;
  }
}

/** Where a run stands before a step. @param step optimizer steps done */
export function tunerStep(seed: number, step: number): TunerStep {
  return { step, random: (stream) => SeededRandom.stream(seed, 'tuner', stream) };
}

/** Noise of a step, from a stream of its own. */
function noiseOf(
  { neftune_noise_alpha: alpha, seed }: TrainOptions,
  step: number,
): EmbeddingNoise | undefined {
  if (alpha === 0) return undefined;
  const random = SeededRandom.stream(seed, 'neftune', step);
  return { alpha, uniform: () => random.uniform() };
}
