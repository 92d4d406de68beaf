/** A prompt that is read into a slot, and what the engine knows of it while it is answered. */
import type { SampleMedia } from '../contracts/processor.js';
import type { AdapterChoice } from './row-adapters.js';

export interface SlotPrompt {
  readonly ids: readonly number[];
  /** The adapters it is answered with; those active in the model when absent. */
  readonly adapters?: AdapterChoice;
  /** What stands among its tokens beside text. */
  readonly media?: SampleMedia;
}

/** A prompt and the part of its answer that the model has read. */
export class Slot {
  /** What was read, in order. */
  readonly ids: number[];
  readonly media?: SampleMedia;
  /** Tokens of the prompt. */
  readonly prompt: number;
  /** What a token's position is more than its number, behind the prompt: images take fewer positions than tokens. */
  shift = 0;

  /** @param adapters as they are when the answer begins; what is switched later does not change it */
  constructor(
    prompt: SlotPrompt,
    readonly adapters: AdapterChoice,
  ) {
    this.ids = [...prompt.ids];
    this.media = prompt.media;
    this.prompt = prompt.ids.length;
  }

  /** Positions that are filled. */
  get length(): number {
    return this.ids.length;
  }
}
