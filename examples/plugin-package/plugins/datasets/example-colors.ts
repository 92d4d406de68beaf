import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** Rows that this package ships: questions about colours. */
@dataset({
  id: 'example-colors',
  summary: 'an example of a dataset in a package of its own',
  bundled: new URL('../../../data/colors.jsonl', import.meta.url).href,
})
export class ExampleColors extends AutoPreprocessor {}
