/** Arguments of supervised fine-tuning alone. */
import { argument, type Predicted, type ValuesOf } from 'swift-ts/plugin';

export const predictionArguments = {
  predict_with_generate: argument.bool({
    default: false,
    help: 'answer the validation rows at each evaluation, too, and log ROUGE and BLEU of the answers',
  }),
  max_new_tokens: argument.int({ default: 64, min: 1, help: 'longest of these answers, in tokens' }),
} as const;

/** How the rows of an evaluation are answered, where they are. */
export function predictedBy(options: ValuesOf<typeof predictionArguments>): Predicted | undefined {
  const { predict_with_generate, max_new_tokens } = options;
  return predict_with_generate ? { max_new_tokens } : undefined;
}
