/** What the generations of Ovis share: pictures as mixtures of visual words (Lu et al., 2024, arXiv 2405.20797). */
import { concat, matmul, mul, reshape, scalar, slice, softmax, type Tensor } from 'swift-ts/graph';
import {
  Arrangement,
  ConfigReader,
  Connector,
  Embedding,
  LayerNorm,
  Linear,
  Merger,
  Module,
  MultimodalLM,
  spaceToDepth,
  TileTower,
  type Config,
  type DecoderTraits,
  type Grid,
  type LinearLike,
  type RowSums,
  type Scope,
} from 'swift-ts/nn';
import {
  CoveringImages,
  HALF_NORMALIZATION,
  type ImageSettings,
  type MediaKind,
  type ModelConfig,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';
import { aimv2Vit, siglipVit } from './_towers.js';

/** What makes mixtures, of squares of patches as they are. */
export interface WordSize {
  /** Of a square of patches, which becomes one mixture. */
  readonly width: number;
  /** Patches on a side of it. */
  readonly stride: number;
  /** All words; the last of them stand around pictures, and are in no mixture. */
  readonly words: number;
  readonly indicators: number;
  readonly text: DecoderTraits;
}

/** Squares of patches [..., W] as mixtures of the rows of a table, [..., D]. */
class VisualWords extends Module {
  linear: LinearLike;
  readonly norm: LayerNorm;
  readonly table: Embedding;

  constructor(private readonly size: WordSize) {
    super();
    const { width, words, indicators, text } = size;
    this.names = { linear: 'visual_tokenizer.head.0', norm: 'visual_tokenizer.head.1', table: 'vte' };
    this.linear = new Linear(width, words - indicators);
    this.norm = new LayerNorm(words - indicators, 1e-5);
    this.table = new Embedding(words, text.hidden_size);
  }

  mixtures(scope: Scope, squares: Tensor): Tensor {
    const { words, indicators } = this.size;
    const shares = softmax(this.norm.forward(scope, this.linear.forward(scope, squares)));
    return matmul(shares, slice(scope.param(this.table.weight), 0, 0, words - indicators));
  }

  /** The words that stand around pictures, [indicators, D]. */
  indicators(scope: Scope): Tensor {
    const { words, indicators } = this.size;
    return slice(scope.param(this.table.weight), 0, words - indicators, words);
  }
}

/** Tiles to mixtures: [N, seen, W] -> [N, rows, D]. */
export class WordConnector extends Connector {
  readonly words: VisualWords;

  constructor(private readonly size: WordSize) {
    super();
    this.names = { words: '' };
    this.words = new VisualWords(size);
  }

  rows(seen: number): number {
    return seen / this.size.stride ** 2;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    return this.words.mixtures(scope, spaceToDepth(seen, this.size.stride));
  }
}

/** Patches, those of a square one behind the other, to mixtures: [P, W] -> [P / stride², D]. */
export class WordMerger extends Merger {
  readonly words: VisualWords;

  constructor(private readonly size: WordSize) {
    super();
    this.names = { words: '' };
    this.words = new VisualWords(size);
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const { width, stride } = this.size;
    return this.words.mixtures(scope, reshape(patches, [patches.shape[0] / stride ** 2, width]));
  }
}

/** Mixtures with the words that stand around and between them. */
export abstract class WithIndicators extends Arrangement {
  /** @param words what made the mixtures */
  constructor(
    private readonly size: WordSize,
    private readonly words: () => VisualWords,
  ) {
    super('words', 1);
  }

  /** Patches of a square. */
  protected get square(): number {
    return this.size.stride ** 2;
  }

  /** Among all rows the words come first. */
  protected add(sums: RowSums, ...words: readonly number[]): void {
    for (const word of words) sums.add([word, 1]);
  }

  protected addMixtures(sums: RowSums, first: number, count: number): void {
    for (let i = 0; i < count; i++) sums.add([this.size.indicators + first + i, 1]);
  }

  override forward(scope: Scope, rows: Tensor, ports: Readonly<Record<string, Tensor>>): Tensor {
    const all = super.forward(scope, concat([this.words().indicators(scope), rows], 0), ports);
    // A language model that scales embeddings scales what stands in their place too.
    const { scale } = this.size.text.embedding ?? {};
    return scale === undefined ? all : mul(all, scalar(scale));
  }
}

/** The whole picture, then its parts row by row. Grids are [tiles, rows, columns], of videos [tiles, frames, rows, columns]. */
class TileIndicators extends WithIndicators {
  /** @param each mixtures of a tile */
  constructor(
    size: WordSize,
    words: () => VisualWords,
    private readonly each: number,
  ) {
    super(size, words);
  }

  protected arrange([tiles, ...rest]: Grid, kind: MediaKind, first: number, sums: RowSums): void {
    const [frames, rows, columns] = kind === 'video' ? rest : [1, ...rest];
    for (let tile = 0; tile < tiles; tile += tiles / frames)
      this.arrangePicture([rows, columns], first + tile * this.each, sums);
  }

  private arrangePicture([rows, columns]: Grid, first: number, sums: RowSums): void {
    const { each } = this;
    this.add(sums, START);
    this.addMixtures(sums, first, each);
    this.add(sums, BEHIND_WHOLE);
    for (let part = 0; rows * columns > 1 && part < rows * columns; part++) {
      this.addMixtures(sums, first + (1 + part) * each, each);
      if ((part + 1) % columns > 0) this.add(sums, COLUMN);
      else if (part + 1 < rows * columns) this.add(sums, ROW);
    }
    this.add(sums, END);
  }
}

/** The words that Ovis 1.6 and 2 have beside mixtures, in the order in which they end the table. */
const [START, BEHIND_WHOLE, COLUMN, ROW, END] = [0, 1, 2, 3, 4];
const INDICATORS = 5;

const AIM = 'aimv2_visual_tokenizer';

/** Ovis 1.6, whose tiles SigLIP sees, and Ovis 2, whose AIMv2 does. */
export function ovisModel(config: Config): MultimodalLM {
  const reader = new ConfigReader(config);
  const sight = sightOf(reader);
  sight.only('tokenize_function', 'softmax');
  sight.only('use_indicators', false);
  if (sight.has('hd_booster')) throw sight.error('hd_booster', 'null');
  const untied = reader.flag('disable_tie_weight') ? { tie_word_embeddings: false } : {};
  const text = textTraits(reader.nested('llm_config').config, { model: 'llm.model', head: 'llm.' }, untied);
  reader.only('hidden_size', text.hidden_size);
  const backbone = sight.nested('backbone_config');
  const isAim = sight.get('model_type') === AIM;
  const vision = (isAim ? aimv2Vit : siglipVit)(backbone, { normed: false });
  const stride = sight.count('hidden_stride', 1);
  if (vision.side % stride > 0)
    throw sight.error('hidden_stride', `a divisor of ${vision.side}, the patches on a side of a tile`);
  const size = {
    text,
    stride,
    width: vision.size.width * stride ** 2,
    words: sight.count('vocab_size', 16_384),
    indicators: INDICATORS,
  };
  const connector = new WordConnector(size);
  return new MultimodalLM({
    text,
    tower: new TileTower({
      vision,
      connector,
      after: new TileIndicators(size, () => connector.words, connector.rows(vision.rows)),
      names: { vision: `visual_tokenizer.backbone${isAim ? '' : '.vision_model'}`, connector: '' },
    }),
    roles: [
      ['visual_tokenizer', 'vit'],
      ['vte', 'vit'],
    ],
  });
}

function sightOf(reader: ConfigReader): ConfigReader {
  const sight = reader.nested('visual_tokenizer_config');
  sight.choice('model_type', [AIM, 'siglip_visual_tokenizer']);
  return sight;
}

/** Stand where pictures do; SWIFT puts −200 there, which is no token. */
const TOKENS = {
  qwen2: '<|image_pad|>',
  gemma2: '<unused0>',
  llama: '<|reserved_special_token_0|>',
} as const;

/** Parts of a picture, at most; SWIFT's `max_partition`. */
const PARTS = 9;

export function ovisImages(config: ModelConfig, settings: ImageSettings): CoveringImages {
  const reader = new ConfigReader(config);
  const sight = sightOf(reader);
  const size = sight.nested('backbone_config').count('image_size', 224);
  const given = new ConfigReader(settings);
  given.only('do_center_crop', false);
  for (const side of ['height', 'width', 'shortest_edge']) given.nested('size').only(side, size);
  const models = Object.keys(TOKENS) as (keyof typeof TOKENS)[];
  const token = TOKENS[reader.nested('llm_config').choice('model_type', models)];
  return new CoveringImages({
    ...imageSteps(settings, sight.get('model_type') === AIM ? {} : HALF_NORMALIZATION),
    size,
    token,
    max_tiles: PARTS,
    text: ({ features }) => `${token.repeat(features)}\n`,
  });
}
