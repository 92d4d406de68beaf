import {
  argument,
  patcher,
  SwiftError,
  type ModelConfig,
  type Patcher,
  type ValuesOf,
} from 'swift-ts/plugin';

const tokenArguments = {
  new_special_tokens: argument.strings({
    default: [],
    help: 'special tokens that the model is to have; an entry that ends in .txt is a file with one on each line',
    listFile: '.txt',
  }),
} as const;

type TokenOptions = ValuesOf<typeof tokenArguments>;

/** Special tokens that a model did not have: embedding and head grow, and train beside any adapter. */
@patcher({
  id: 'new-special-tokens',
  summary: 'special tokens that a model did not have',
  arguments: tokenArguments,
})
export class NewSpecialTokensPatcher implements Patcher<TokenOptions> {
  /** @throws SwiftError BAD_ARGUMENT for what is no token */
  applies(_config: ModelConfig, { new_special_tokens: tokens }: TokenOptions): boolean {
    const blank = tokens.find((token) => token.trim() !== token || token === '');
    if (blank !== undefined)
      throw new SwiftError('BAD_ARGUMENT', `--new_special_tokens: '${blank}' is no token`, {
        cure: 'A token has a text, with no spaces around it: --new_special_tokens "<think>" "</think>".',
      });
    const twice = tokens.find((token, i) => tokens.indexOf(token) < i);
    if (twice !== undefined)
      throw new SwiftError('BAD_ARGUMENT', `--new_special_tokens: '${twice}' is there twice`, {
        cure: 'Name each token once.',
      });
    return tokens.length > 0;
  }

  tokens(_config: ModelConfig, { new_special_tokens }: TokenOptions): readonly string[] {
    return new_special_tokens;
  }
}
