import type { HostTensor } from '../contracts/backend.js';
import type { SampleMedia } from '../contracts/processor.js';
import type { CausalLM } from '../nn/index.js';
import type { PlacedFeatures } from './decode-graphs.js';
import { featurePlaces, towerInputs, type FeaturePlaces } from './media-inputs.js';

/** A row of a batch of prompts: its tokens among those of all rows, and its positions on three axes. */
interface PromptRow {
  readonly start: number;
  readonly length: number;
  /** int32 [3, length]; absent where tokens have one position. */
  readonly positions?: Int32Array;
  /** What a token's position is more than its number, behind the prompt. */
  readonly shift: number;
}

type Prompts = readonly (readonly number[])[];

/** The media of some prompts while these are read: features, where they stand, and what positions they make. */
export class PromptMedia {
  private constructor(
    private readonly rows: readonly PromptRow[],
    private readonly places: FeaturePlaces,
    /** As the tower gives them; absent where no prompt has media. */
    readonly features?: readonly HostTensor[],
  ) {}

  /** Undefined for a model whose tokens are text, one position each. */
  static async of(
    media: readonly (SampleMedia | undefined)[],
    prompts: Prompts,
    model: CausalLM,
    features: (inputs: Readonly<Record<string, HostTensor>>) => Promise<readonly HostTensor[]>,
  ): Promise<PromptMedia | undefined> {
    if (!model.tower) return undefined;
    let size = 0;
    const rows = prompts.map(({ length }, i): PromptRow => {
      const row = { start: size, length };
      size += length;
      if (!model.ropeAxes) return { ...row, shift: 0 };
      const { positions, next } = model.ropePositions(length, media[i]?.spans ?? []);
      return { ...row, positions, shift: next - length };
    });
    const placed = rows.flatMap(({ start }, i) => {
      const one = media[i];
      return one ? [{ media: one, start }] : [];
    });
    const places = featurePlaces(model.crosses ? [] : placed, size, model.mediaLayers);
    if (placed.length === 0) return new PromptMedia(rows, places);
    return new PromptMedia(rows, places, await features(await towerInputs(model, placed)));
  }

  /** Of each prompt: what a token's position is more than its number, behind the prompt. */
  get shifts(): readonly number[] {
    return this.rows.map(({ shift }) => shift);
  }

  /** Of `length` tokens from `starts` on in each row: which features stand there; undefined where none does. */
  at(starts: Int32Array, length: number): PlacedFeatures | undefined {
    const feature_index = new Int32Array(this.rows.length * length);
    const is_feature = new Float32Array(feature_index.length);
    const media_tokens = this.places.media_tokens && new Float32Array(feature_index.length);
    let any = false;
    this.eachToken(starts, length, (row, token, to) => {
      if (token >= row.length || this.places.is_feature[row.start + token] === 0) return;
      feature_index[to] = this.places.feature_index[row.start + token];
      is_feature[to] = 1;
      if (media_tokens) media_tokens[to] = this.places.media_tokens![row.start + token];
      any = true;
    });
    const places = { feature_index, is_feature, media_tokens };
    return any ? { features: this.features!, places } : undefined;
  }

  /** The same tokens' positions, int32 [3, B · length]; those of padding are at most `last`. */
  positionsAt(starts: Int32Array, length: number, last: number): Int32Array {
    const size = this.rows.length * length;
    const found = new Int32Array(3 * size);
    this.eachToken(starts, length, (row, token, to) => {
      for (let axis = 0; axis < 3; axis++) {
        found[axis * size + to] =
          token < row.length ? row.positions![axis * row.length + token] : Math.min(last, token + row.shift);
      }
    });
    return found;
  }

  private eachToken(
    starts: Int32Array,
    length: number,
    visit: (row: PromptRow, token: number, to: number) => void,
  ): void {
    this.rows.forEach((row, r) => {
      for (let t = 0; t < length; t++) visit(row, starts[r] + t, r * length + t);
    });
  }
}
