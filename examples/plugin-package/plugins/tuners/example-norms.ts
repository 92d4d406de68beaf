import type { CausalLM, Parameter } from 'swift-ts/nn';
import {
  argument,
  didYouMean,
  SwiftError,
  tuner,
  type AdapterFiles,
  type Random,
  type Tuner,
  type ValuesOf,
} from 'swift-ts/plugin';

/** What `--sft_type example-norms` takes beside the arguments of every run. */
const normArguments = {
  norm_modules: argument.strings({
    default: [],
    help: 'norms that train, by the end of their path; all of them when none is named',
    aliases: ['norm_target_modules'],
  }),
  norm_noise: argument.float({
    default: 0,
    min: 0,
    max: 1,
    help: 'deviation of the noise that the weights begin with',
  }),
} as const;

type NormOptions = ValuesOf<typeof normArguments>;

// So that programs may give them in TypeScript.
declare module 'swift-ts/plugin' {
  interface TunerFlags extends Partial<NormOptions> {}
}

/** Trains only the norms' weights (Zhao et al., 2023). */
@tuner({
  id: 'example-norms',
  summary: 'an example of a tuner: norm weights only',
  peft_type: 'EXAMPLE_NORMS',
  arguments: normArguments,
})
export class ExampleNorms implements Tuner<NormOptions> {
  private modules: readonly string[] = [];

  /** Said before weights are read. */
  check(model: CausalLM, { norm_modules }: NormOptions): void {
    for (const name of norm_modules) {
      if (norms(model, [name]).length > 0) continue;
      const ends = norms(model, []).map(([path]) => path.split('.').at(-2)!);
      throw new SwiftError('BAD_ARGUMENT', `--norm_modules ${name} matches no norm`, {
        cure: didYouMean(name, new Set(ends)),
      });
    }
  }

  apply(model: CausalLM, { norm_modules, norm_noise }: NormOptions, random: Random): void {
    this.modules = norm_modules;
    for (const [, parameter] of norms(model, norm_modules)) {
      parameter.trainable = true;
      if (norm_noise > 0)
        parameter.data = parameter.data!.map((value) => value + norm_noise * random.normal());
    }
  }

  adapter(model: CausalLM, baseModel: string): AdapterFiles {
    const tensors = norms(model, this.modules).map(([name, { shape, data }]) => ({
      name,
      shape,
      data: data!,
    }));
    return {
      config: {
        peft_type: 'EXAMPLE_NORMS',
        base_model_name_or_path: baseModel,
        norm_modules: this.modules,
      },
      tensors,
    };
  }

  load(model: CausalLM, files: AdapterFiles): void {
    this.modules = (files.config.norm_modules ?? []) as readonly string[];
    this.restore(model, files);
  }

  restore(model: CausalLM, { tensors }: AdapterFiles): void {
    const given = new Map(tensors.map((tensor) => [tensor.name, tensor.data]));
    for (const [name, parameter] of norms(model, this.modules)) {
      const data = given.get(name);
      if (data?.length !== parameter.size) {
        throw new SwiftError('BAD_CHECKPOINT', `the adapter's '${name}' is missing or of another size`, {
          cure: 'Load the adapter on the base model it was trained on.',
        });
      }
      parameter.data = data;
      parameter.trainable = true;
    }
  }

  /** The norms already hold their tuned weights. */
  merge(): void {}
}

/** Weights of the norms whose path ends with one of the names. */
function norms(model: CausalLM, names: readonly string[]): [string, Parameter][] {
  const isNamed = (path: string): boolean =>
    names.length === 0 || names.some((name) => path.endsWith(`${name}.weight`));
  return [...model.namedParameters()].filter(([path]) => path.includes('norm') && isNamed(path));
}
