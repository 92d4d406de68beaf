/** Prompts that are read together and go on together, token by token: how parity tests ask a `GenerateEngine`. */
import type { SampleMedia } from '../core/contracts/processor.js';
import { GenerateEngine } from '../core/runtime/generate-engine.js';
import type { AdapterChoice } from '../core/runtime/row-adapters.js';
import type { Slot } from '../core/runtime/slot.js';

export class Together {
  private readonly engine: GenerateEngine;
  private slots: readonly Slot[] = [];

  constructor(...of: ConstructorParameters<typeof GenerateEngine>) {
    this.engine = new GenerateEngine(...of);
  }

  /** Logits [B · V] that follow prompts. Forgets what was before. */
  async start(
    prompts: readonly (readonly number[])[],
    room = 1,
    choices: readonly (AdapterChoice | undefined)[] = [],
    media: readonly (SampleMedia | undefined)[] = [],
  ): Promise<Float32Array> {
    for (const slot of this.slots) this.engine.free(slot);
    const asked = prompts.map((ids, i) => ({ ids, adapters: choices[i], media: media[i] }));
    const admitted = await this.engine.admit(asked, room);
    this.slots = admitted.map(({ slot }) => slot);
    return joined(admitted.map(({ logits }) => logits));
  }

  /** Those after one token more for each. */
  async next(tokens: readonly number[]): Promise<Float32Array> {
    const logits = await this.engine.step(new Map(this.slots.map((slot, i) => [slot, tokens[i]])));
    return joined(this.slots.map((slot) => logits.get(slot)!));
  }

  release(): Promise<void> {
    return this.engine.release();
  }
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.length * rows[0].length);
  rows.forEach((row, i) => all.set(row, i * row.length));
  return all;
}
