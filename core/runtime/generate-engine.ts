/** Next-token logits for conversations that come and go: each has a slot, which it takes with its prompt and gives back. */
import type { Backend, HostTensor } from '../contracts/backend.js';
import type { WeightReader } from '../contracts/scratch.js';
import type { CausalLM } from '../nn/index.js';
import { openMask } from './attention-mask.js';
import { OpenRuns, pieceEnd } from './both-ways.js';
import { crossedRows, crossIndex, crossInputs, crossPositions, type CrossInputs } from './cross-inputs.js';
import { DecodeGraphs, type ViewMask } from './decode-graphs.js';
import { DecodeState } from './decode-state.js';
import { Executables } from './executables.js';
import { PromptMedia } from './prompt-media.js';
import { RotaryInputs, type PassRows } from './rotary-inputs.js';
import { rowAdapters, type RowAdapters } from './row-adapters.js';
import { Slot, type SlotPrompt } from './slot.js';
import { versionKey } from './version.js';

/** Prompt pieces come in these steps, so that few graphs are compiled. */
const PROMPT_STEP = 32;
/** Positions of a prompt read at once: activations of more leave the CPU's caches. */
const PROMPT_CHUNK = 512;
/** Positions of the smallest state; larger ones double, since every size is a graph of its own. */
const SMALLEST_CACHE = 256;
/** Steps with half of the rows empty after which the state is made smaller: a smaller one is a graph of its own too. */
const PATIENCE = 32;

/** A prompt that has been read. */
export interface Admitted {
  readonly slot: Slot;
  /** What follows it, [V]. */
  readonly logits: Float32Array;
}

/** New positions of some rows. */
interface Pass {
  readonly ids: Int32Array;
  readonly rows: PassRows;
  readonly state: DecodeState;
  readonly adapters: RowAdapters;
  /** Where they are pieces of prompts. */
  readonly media?: PromptMedia;
  /** What stands in each row; nothing in one that takes no part. */
  readonly slots: readonly (Slot | undefined)[];
  /** Of each row: which tokens see each other both ways. */
  readonly open?: readonly OpenRuns[];
}

/**
 * Slots share one state, a row each, and one pass a token. Prompts that are admitted together are read as one batch in
 * a state of their own, whose rows then move in; into an empty engine it moves as a whole. A row without a slot costs
 * its share of a pass, and every number of rows is a graph (of weights in few bits also a packed copy), so rows grow
 * in few sizes (`rowsFor`), and shrink once half of them have been empty for a while.
 *
 * Positions, adapters, and how a row's rotary tables scale are each slot's own. Calls take turns: await one before the next.
 */
export class GenerateEngine {
  private readonly graphs: DecodeGraphs;
  private readonly rotary: RotaryInputs;
  private state?: DecodeState;
  /** The slot of each row of the state. */
  private rows: (Slot | undefined)[] = [];
  /** Steps so far in which half of the rows were empty. */
  private idle = 0;

  /** @param files reads the weights that were left in files; needed when there are any */
  constructor(
    backend: Backend,
    readonly model: CausalLM,
    private readonly files?: WeightReader,
  ) {
    this.rotary = new RotaryInputs(model);
    this.graphs = new DecodeGraphs(model, new Executables(backend), this.rotary, files);
  }

  /**
   * Reads prompts, a chunk at a time, each into a slot of its own; all of them or, where that fails, none.
   * @param room tokens that may follow, for which the state then need not grow
   */
  async admit(prompts: readonly SlotPrompt[], room = 1): Promise<Admitted[]> {
    const slots = prompts.map((prompt) => new Slot(prompt, prompt.adapters ?? this.model.active_adapters));
    try {
      const logits = await this.readIn(slots, room);
      return slots.map((slot) => ({ slot, logits: logits.get(slot)! }));
    } catch (error) {
      for (const slot of slots) this.free(slot);
      throw error;
    }
  }

  /** Appends a token to every slot and returns what follows each, [V]. */
  async step(tokens: ReadonlyMap<Slot, number>): Promise<Map<Slot, Float32Array>> {
    const taken = this.taken;
    if (taken.length === 0 || taken.length !== tokens.size || !taken.every((slot) => tokens.has(slot)))
      throw new Error('a step takes one token for each slot that is taken');
    const turned = (slot: Slot): boolean => this.model.turnsAnew(slot.length, slot.length + 1);
    const [anew, going] = [taken.filter(turned), taken.filter((slot) => !turned(slot))];
    const logits = await this.stepOn(going, tokens);
    for (const slot of anew) slot.ids.push(tokens.get(slot)!);
    for (const [slot, own] of await this.readIn(anew, SMALLEST_CACHE)) logits.set(slot, own);
    return logits;
  }

  /** Whether a slot has as many tokens as the model has positions. */
  isFull({ length }: Slot): boolean {
    return length >= this.model.mostPositions;
  }

  /** Gives a slot back. */
  free(slot: Slot): void {
    const row = this.rows.indexOf(slot);
    if (row >= 0) this.rows[row] = undefined;
    if (this.taken.length > 0) return;
    this.rows = [];
    this.state = undefined;
  }

  async release(): Promise<void> {
    for (const slot of this.taken) this.free(slot);
    await this.graphs.release();
    await this.files?.close();
  }

  private get taken(): readonly Slot[] {
    return this.rows.filter((slot) => slot !== undefined);
  }

  /** Reads what slots hold, and seats those that have no row yet. A tower sees all images of a batch, and so with the same adapters. */
  private async readIn(slots: readonly Slot[], room: number): Promise<Map<Slot, Float32Array>> {
    const logits = new Map<Slot, Float32Array>();
    for (const batch of this.model.tower ? byAdapters(slots) : [slots]) {
      if (batch.length === 0) continue;
      const { state, hidden } = await this.read(batch, room);
      this.seat(batch, state);
      const width = this.model.shape.hidden_size;
      // As many rows as a step has: a head in few bits is packed anew for every number.
      const data = new Float32Array(this.rows.length * width);
      batch.forEach((slot, i) =>
        data.set(hidden.subarray(i * width, (i + 1) * width), this.rows.indexOf(slot) * width),
      );
      for (const [slot, own] of await this.logits(batch, data)) logits.set(slot, own);
    }
    return logits;
  }

  /** A state with one row for each slot, and the last hidden state of each, [B, D]. */
  private async read(
    slots: readonly Slot[],
    room: number,
  ): Promise<{ readonly state: DecodeState; readonly hidden: Float32Array }> {
    const batch = slots.length;
    const prompts = slots.map(({ ids }) => ids);
    const adapters = this.adaptersOf(slots);
    const seen = slots.map(({ media }) => media);
    const media = await PromptMedia.of(seen, prompts, this.model, (inputs) =>
      this.graphs.features(inputs, adapters),
    );
    media?.shifts.forEach((shift, i) => (slots[i].shift = shift));
    const used = prompts.map(({ length }) => length);
    const padded = Math.ceil(Math.max(...used) / PROMPT_STEP) * PROMPT_STEP;
    const state = new DecodeState(
      this.model,
      batch,
      Math.max(cacheSize(padded + room), this.state?.capacity ?? 0),
      Math.max(...this.rowsSeen(slots), this.state?.seen ?? 0),
    );
    if (media?.features && this.model.crosses) {
      const index = crossIndex(this.rowsSeen(slots), state.seen);
      const positions = this.crossPositions(slots, state);
      await this.graphs.lookAt(media.features[0], index, positions, { state, adapters });
    }
    const width = this.model.shape.hidden_size;
    const last = new Float32Array(batch * width);
    const { bothWays } = this.model;
    const open = bothWays && slots.map((slot) => new OpenRuns(bothWays, slot));
    for (let start = 0, end: number; start < padded; start = end) {
      end = pieceEnd(start, { piece: PROMPT_CHUNK, step: PROMPT_STEP, total: padded }, open ?? []);
      const length = end - start;
      const ids = new Int32Array(batch * length);
      prompts.forEach((prompt, row) => ids.set(prompt.slice(start, start + length), row * length));
      // Rows that have ended are padded; what padding writes is overwritten before it is seen.
      const past = new Int32Array(batch).fill(start);
      const fresh = Int32Array.from(used, (all) => Math.min(length, Math.max(0, all - start)));
      const axes = this.model.ropeAxes && media!.positionsAt(past, length, state.capacity - 1);
      const rows = { length, past, fresh, used, axes };
      const hidden = await this.run({ ids, rows, state, adapters, slots, media, open });
      used.forEach((all, row) => {
        const at = all - 1 - start;
        if (at < 0 || at >= length) return;
        const from = (row * length + at) * width;
        last.set(hidden.subarray(from, from + width), row * width);
      });
    }
    return { state, hidden: last };
  }

  /** Gives what was read a place in the state: the rows that slots have, or free ones. */
  private seat(slots: readonly Slot[], read: DecodeState): void {
    if (!this.state) {
      this.state = read;
      this.rows = [...slots];
      return;
    }
    const unseated = slots.filter((slot) => !this.rows.includes(slot));
    const needed = this.taken.length + unseated.length;
    const batch = needed > this.rows.length ? rowsFor(needed) : this.rows.length;
    this.resize(batch, read.capacity, read.seen);
    for (const slot of unseated) this.rows[this.rows.indexOf(undefined)] = slot;
    slots.forEach((slot, i) => this.state!.copyRow(this.rows.indexOf(slot), read, i, slot.length));
  }

  /** One token more for some slots; the rows of the others stay as they are, but for what is read anew behind them. */
  private async stepOn(
    slots: readonly Slot[],
    tokens: ReadonlyMap<Slot, number>,
  ): Promise<Map<Slot, Float32Array>> {
    if (slots.length === 0) return new Map();
    this.fit(Math.max(...this.taken.map(({ length }) => length)) + 1);
    const state = this.state!;
    const going = this.rows.map((slot) => (slot && slots.includes(slot) ? slot : undefined));
    // An empty row writes to its first position, where nobody reads before a prompt is moved in.
    const of = (value: (slot: Slot) => number): Int32Array =>
      Int32Array.from(going, (slot) => (slot ? value(slot) : 0));
    const past = of(({ length }) => length);
    // Time may have passed faster than tokens.
    const placed = (slot: Slot): number => slot.length + slot.shift;
    const rows = {
      length: 1,
      past,
      fresh: of(() => 1),
      used: [...past].map((length) => length + 1),
      axes: this.model.ropeAxes && Int32Array.of(...of(placed), ...of(placed), ...of(placed)),
    };
    const ids = of((slot) => tokens.get(slot)!);
    const hidden = await this.run({
      ids,
      rows,
      state,
      adapters: this.adaptersOf(this.rows, slots[0]),
      slots: going,
    });
    for (const slot of slots) slot.ids.push(tokens.get(slot)!);
    return this.logits(slots, hidden);
  }

  /** Room for so many positions a row, and no more rows than are of use. */
  private fit(positions: number): void {
    const { taken } = this;
    this.idle = 2 * taken.length > this.rows.length ? 0 : this.idle + 1;
    if (this.idle > PATIENCE) this.resize(rowsFor(taken.length), cacheSize(positions));
    else if (positions > this.state!.capacity) this.resize(this.rows.length, cacheSize(positions));
  }

  private resize(batch: number, capacity: number, seen = this.state!.seen): void {
    const [before, old] = [this.rows, this.state!];
    if (batch === old.batch && capacity === old.capacity && seen === old.seen) return;
    this.idle = 0;
    this.state = new DecodeState(this.model, batch, capacity, seen);
    const kept = batch < before.length ? this.taken : before;
    this.rows = Array.from({ length: batch }, (_, row) => kept[row]);
    this.rows.forEach((slot, row) => {
      if (slot) this.state!.copyRow(row, old, before.indexOf(slot), slot.length);
    });
  }

  /** Hidden states [B, T, D] of new positions behind the filled ones. */
  private async run({ ids, rows, state, adapters, slots, media, open }: Pass): Promise<Float32Array> {
    const { length, past } = rows;
    // Padding may lie past the last position there is.
    const last = this.model.mostPositions - 1;
    const positions = Int32Array.from(ids, (_, i) =>
      Math.min(last, past[Math.floor(i / length)] + (i % length)),
    );
    const placed = media?.at(past, length);
    const embedded = await this.graphs.embed({ ids, positions, media: placed }, adapters, state.batch);
    const rotary = this.rotary.of(rows, state.capacity, last);
    const mask = open && openMaskOf(open, rows, state.capacity);
    const cross = this.crossInputs(slots, rows, state.seen);
    const given = { state, adapters, media: placed, mask, cross };
    const hidden = await this.graphs.blocks(embedded, rows, rotary, given);
    return hidden.data as Float32Array;
  }

  /** Rows of features that slots have, where blocks look at these. */
  private rowsSeen(slots: readonly (Slot | undefined)[]): number[] {
    const { crosses, tower } = this.model;
    return slots.map((slot) => (crosses ? crossedRows(slot?.media, tower!) : 0));
  }

  /** By which positions keys of features turn, where they do. */
  private crossPositions(slots: readonly Slot[], { seen, capacity }: DecodeState): HostTensor | undefined {
    const { tower, crossing } = this.model;
    const seenFrom = crossing!.seen_from;
    if (seenFrom === undefined) return undefined;
    const rows = slots.map(({ media }) => [media?.spans ?? []]);
    return crossPositions(rows, seen, tower!, { seenFrom, last: capacity - 1 });
  }

  private crossInputs(
    slots: readonly (Slot | undefined)[],
    { length, past, fresh }: PassRows,
    seen: number,
  ): CrossInputs | undefined {
    if (seen === 0) return undefined;
    const samples = slots.map((slot, row) => ({
      at: row * length,
      position: past[row],
      count: fresh[row],
      spans: slot?.media?.spans ?? [],
      first: 0,
    }));
    const { tower, crossing } = this.model;
    return crossInputs([slots.length, length, seen], samples, tower!, crossing!.seen_from);
  }

  /** What follows some slots. @param data the last hidden state of each row, [B, D] */
  private async logits(slots: readonly Slot[], data: Float32Array): Promise<Map<Slot, Float32Array>> {
    const hidden: HostTensor = {
      dtype: 'float32',
      shape: [this.rows.length, this.model.shape.hidden_size],
      data,
    };
    const all = await this.graphs.logits(hidden, this.adaptersOf(this.rows, slots[0]));
    const vocab = all.length / this.rows.length;
    const of = (slot: Slot): Float32Array => {
      const row = this.rows.indexOf(slot);
      return all.subarray(row * vocab, (row + 1) * vocab);
    };
    return new Map(slots.map((slot) => [slot, of(slot)]));
  }

  /** @param other whose adapters empty rows have, so that they ask for no graph of their own */
  private adaptersOf(rows: readonly (Slot | undefined)[], other?: Slot): RowAdapters {
    const choices = rows.map((slot) => (slot ?? other)!.adapters);
    return rowAdapters(this.model, rows.length, choices);
  }
}

/** What makes the mask of new positions for a view of them; undefined where none of them sees a later one. */
function openMaskOf(
  open: readonly OpenRuns[],
  { length, past, fresh }: PassRows,
  capacity: number,
): ViewMask | undefined {
  if (!open.some((runs, row) => runs.within(past[row], past[row] + fresh[row]))) return undefined;
  const queries = open.map((runs, row) => ({
    at: row * length,
    firstKey: 0,
    position: past[row],
    count: fresh[row],
    runs,
  }));
  const shut = new OpenRuns('media', { prompt: 0 });
  const causal = queries.map((query) => ({ ...query, runs: shut }));
  return ({ window, both_ways }) =>
    openMask([open.length, length, capacity], both_ways ? queries : causal, window);
}

function byAdapters(slots: readonly Slot[]): Slot[][] {
  const batches = new Map<string, Slot[]>();
  for (const slot of slots) {
    const key = versionKey(slot);
    batches.set(key, [...(batches.get(key) ?? []), slot]);
  }
  return [...batches.values()];
}

function cacheSize(positions: number): number {
  let size = SMALLEST_CACHE;
  while (size < positions) size *= 2;
  return size;
}

/** 1, 2, 3, 4, 6, 8, 12, 16, …: at most a third of the rows stay empty. */
function rowsFor(slots: number): number {
  let size = 1;
  while (size < slots) size *= 2;
  return size > 2 && slots <= 0.75 * size ? 0.75 * size : size;
}
