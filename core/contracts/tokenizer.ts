/** Text to token ids and back. One instance per checkpoint. */
export interface Tokenizer {
  readonly vocabSize: number;
  readonly bos_token_id?: number;
  readonly eos_token_id?: number;
  readonly pad_token_id?: number;
  /** Every id that ends generation by `generation_config.json`; chat models often list several. */
  readonly eos_token_ids?: readonly number[];
  /** Ids that answers never hold by `generation_config.json`, and those that none begins with. */
  readonly suppress_tokens?: readonly number[];
  readonly begin_suppress_tokens?: readonly number[];
  /** True when the checkpoint's own tokenizer puts BOS, or [CLS] where it has no BOS, before any text. `encode` never does. */
  readonly addsBos?: boolean;
  /** Ids in whose places features of media stand and nothing is embedded: no row of the embedding need be there for them. */
  readonly placeholders?: ReadonlySet<number>;
  /** Tokens that are cut out of a text before it is tokenized. Ids never cross such a cut. Absent: none are known. */
  readonly addedTokens?: readonly string[];
  /** The checkpoint's own Jinja chat template, when it ships one. */
  readonly chat_template?: string;
  /** Special tokens by their attribute name, e.g. `eos_token`, as the Jinja template sees them. */
  readonly specialTokens: Readonly<Record<string, string>>;
  /** Token ids of `text`. Special tokens written in the text become their ids; nothing (BOS, EOS) is added. */
  encode(text: string): number[];
  decode(ids: readonly number[], options?: { skipSpecialTokens?: boolean }): string;
  /** The id of a token written exactly so, or undefined. */
  tokenToId(token: string): number | undefined;
  /** The token an id stands for. */
  idToToken(id: number): string | undefined;
}
