/** The examples of docs/reference/sdk.md, one block for each name: compiled with everything else, run by nobody. */
import {
  answerDatasets,
  buildManifest,
  Catalog,
  Chat,
  createServices,
  didYouMean,
  ERROR_CODES,
  evaluate,
  exportMerged,
  inferDataset,
  isSwiftError,
  judgeDataset,
  loadAdapters,
  loadPlugins,
  LoraConfig,
  Model,
  MsDataset,
  nearest,
  openChat,
  openModel,
  pluginFiles,
  resolveJob,
  runJob,
  Scorer,
  Seq2SeqTrainer,
  services,
  Swift,
  SwiftError,
  train,
} from 'swift-ts';

// Model
{
  const model = await Model.fromPretrained('qwen2-0.5b-instruct', { quant_bits: 4 });
  console.log(model.loaded.name);
}
// LoraConfig
{
  const config = LoraConfig({ r: 16, lora_alpha: 32, target_modules: ['q_proj', 'v_proj'] });
  console.log(config.options);
}
// Swift
{
  const base = await Model.fromPretrained('qwen2-0.5b-instruct');
  const model = await Swift.prepareModel(base, { default: LoraConfig({ r: 8 }) });
  console.log(model.tuning.names);
}
// MsDataset
{
  const [rows] = await MsDataset.load('rows.jsonl#500');
  console.log(rows.report.toString());
}
// Seq2SeqTrainer
{
  const base = await Model.fromPretrained('qwen2-0.5b-instruct');
  const model = await Swift.prepareModel(base, { default: LoraConfig() });
  const train_dataset = await MsDataset.load('rows.jsonl');
  const trainer = new Seq2SeqTrainer({ model, train_dataset, args: { num_train_epochs: 2 } });
  console.log((await trainer.train()).best_model_checkpoint);
}
// resolveJob
{
  const job = await resolveJob('sft', { model_type: 'qwen2-0.5b-instruct', dataset: ['rows.jsonl'] });
  console.log(job.schedule.learning_rate);
}
// runJob
{
  const { last_model_checkpoint } = await runJob('output/qwen2-0.5b-instruct/v0-20261129-101500/job.json');
  console.log(last_model_checkpoint);
}
// train
{
  const done = await train('sft', { model_type: 'qwen2-0.5b-instruct', dataset: ['rows.jsonl'] });
  console.log(done.last_model_checkpoint);
}
// Chat
{
  const chat = await Chat.open(await Model.fromPretrained('qwen2-0.5b-instruct'), { max_new_tokens: 100 });
  const ask = (content: string) => chat.answer([{ role: 'user', content }]);
  // Side by side: the second does not wait for the first.
  const answers = await Promise.all([ask('Who are you?'), ask('Tell me a long story.')]);
  for (const { text } of answers) console.log(text);
  await chat.release();
}
// Scorer
{
  const scorer = await Scorer.open(await openModel({ ckpt_dir: 'output/classes/checkpoint-100' }));
  const [{ response, probabilities }] = await scorer.judge([
    { messages: [{ role: 'user', content: 'Fine!' }] },
  ]);
  console.log(response, probabilities);
  await scorer.release();
}
// judgeDataset
{
  const scorer = await Scorer.open(await openModel({ ckpt_dir: 'output/classes/checkpoint-100' }));
  const rows = await MsDataset.load('rows.jsonl');
  console.log(await judgeDataset(scorer, rows, { batchSize: 8, output: 'classes.jsonl' }), 'lines');
}
// openChat
{
  const { chat } = await openChat({ ckpt_dir: 'output/run/checkpoint-100', temperature: 0 });
  await chat.answer([{ role: 'user', content: 'Hello' }], (piece) => process.stdout.write(piece));
}
// openModel
{
  const model = await openModel({ ckpt_dir: 'output/run/checkpoint-100' });
  console.log(model.args);
}
// evaluate
{
  const { report } = await evaluate({ model_type: 'llama3-8b-instruct', eval_dataset: ['gsm8k', 'arc'] });
  for (const { dataset, metrics } of report.results) console.log(dataset, metrics);
}
// answerDatasets
{
  const { chat } = await openChat({ model_type: 'qwen2-0.5b-instruct' });
  const { count, output } = await answerDatasets(chat, { val_dataset: ['questions.jsonl'] });
  console.log(`${count} answers in ${output}`);
}
// inferDataset
{
  const chat = await Chat.open(await Model.fromPretrained('qwen2-0.5b-instruct'));
  const rows = await MsDataset.load('questions.jsonl');
  await inferDataset(chat, rows, { batchSize: 4, output: 'answers.jsonl' });
}
// exportMerged
{
  const model = await openModel({ ckpt_dir: 'output/run/checkpoint-100' });
  console.log(await exportMerged(model, 'merged'));
}
// loadAdapters
{
  const model = await Model.fromPretrained('qwen2-0.5b-instruct');
  await loadAdapters(model, 'output/run/checkpoint-100');
}
// services
{
  const own = services({ use_hf: false, plugins: ['my-swift-plugins'] });
  await Model.fromPretrained('qwen/Qwen2-0.5B-Instruct', { services: own });
}
// createServices
{
  const log = { info: console.log, warn: console.warn };
  const own = createServices({ use_hf: true, backend: 'onnxruntime', plugins: [], log });
  console.log(own.useHf);
}
// loadPlugins
{
  await loadPlugins(['./my-model.ts']);
  await Model.fromPretrained('my-model-tiny');
}
// Catalog
{
  const models = Catalog.discover().list('model');
  console.log(models.map(({ id }) => id).join('\n'));
}
// SwiftError
{
  const error = new SwiftError('BAD_ARGUMENT', 'shots is -1', { cure: 'Give 0 or more.' });
  console.error(error.render());
}
// isSwiftError
{
  try {
    await train('sft', { model_type: 'qwen2-0.5b-instruct', dataset: ['rows.jsonl'] });
  } catch (error) {
    if (!isSwiftError(error)) throw error;
    process.exitCode = error.exitCode;
    console.error(error.render());
  }
}
// ERROR_CODES
{
  console.log(ERROR_CODES.join(', '));
}
// didYouMean
{
  const cure = didYouMean('trian', ['train', 'infer']);
  throw new SwiftError('BAD_ARGUMENT', "there is no 'trian'", { cure });
}
// nearest
{
  console.log(nearest('qwen2-0.5b', ['qwen2-0.5b-instruct', 'llama3-8b'], 1));
}
// buildManifest
{
  const root = process.cwd();
  const files = pluginFiles(`${root}/dist/plugins`, '.js');
  console.log(await buildManifest({ root, files, keepExtension: true }));
}
// pluginFiles
{
  console.log(pluginFiles(`${process.cwd()}/plugins`, '.ts'));
}
