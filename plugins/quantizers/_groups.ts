import { argument, type QuantizeOptions, type ValuesOf } from 'swift-ts/plugin';

/** What quantizers of groups in 4 bits take: the sizes are those that kernels know. */
export const groupArguments = {
  quant_group_size: argument.int({
    default: 64,
    help: 'columns that share a scale in 4 bits',
    choices: [32, 64, 128],
  }),
} as const;

export type GroupOptions = QuantizeOptions<ValuesOf<typeof groupArguments>>;

/** Why a layer's weight stays as it is. */
export function whyUnfit({ quant_group_size }: GroupOptions): string {
  return `their rows are no multiple of ${quant_group_size} (--quant_group_size)`;
}
