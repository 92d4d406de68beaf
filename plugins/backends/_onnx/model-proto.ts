/** Writes ONNX models. Field numbers from onnx/onnx.proto (IR version 10). */
import Pbf from 'pbf';

export type OnnxAttribute =
  number | string | readonly number[] | { readonly float: number } | { readonly graph: OnnxBranch };

export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Operator domain; the ONNX one when absent. */
  readonly domain?: 'com.microsoft';
}

/** A graph inside a node. It may read every value of the graph around it. */
export interface OnnxBranch {
  readonly nodes: readonly OnnxNode[];
  readonly output: string;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
}

/** An input of the model: the values of one of the graph's fed inputs, from an element on. */
export interface OnnxInput extends OnnxValue {
  /** Position among the graph's inputs that are no constants. */
  readonly source: number;
  readonly start: number;
}

export interface OnnxInitializer extends OnnxValue {
  readonly values: Uint8Array | ExternalData;
}

/** Values in a file, in the folder that the session is told of. */
export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
}

/** TensorProto.DataType */
export const ONNX_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;

/** Stands for a sequence of tensors among the types of values. */
export const SEQUENCE = -1;

const IR_VERSION = 10;

/** @param opset version of the ONNX operators that the model uses */
export function encodeModel(model: OnnxModel, opset: number): Uint8Array {
  const pbf = new Pbf();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeMessage(7, writeGraph, model);
  pbf.writeMessage(8, writeOpset, { domain: '', version: opset });
  pbf.writeMessage(8, writeOpset, { domain: 'com.microsoft', version: 1 });
  return pbf.finish();
}

function writeOpset({ domain, version }: { domain: string; version: number }, pbf: Pbf): void {
  pbf.writeStringField(1, domain);
  pbf.writeVarintField(2, version);
}

function writeGraph(model: OnnxModel, pbf: Pbf): void {
  for (const node of model.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, 'segment');
  for (const initializer of model.initializers) pbf.writeMessage(5, writeInitializer, initializer);
  for (const value of model.inputs) pbf.writeMessage(11, writeValue, value);
  for (const value of model.outputs) pbf.writeMessage(12, writeValue, value);
}

function writeNode({ type, inputs, outputs, attributes = {}, domain }: OnnxNode, pbf: Pbf): void {
  for (const name of inputs) pbf.writeStringField(1, name);
  for (const name of outputs) pbf.writeStringField(2, name);
  pbf.writeStringField(4, type);
  for (const entry of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, entry);
  if (domain) pbf.writeStringField(7, domain);
}

/** Whole numbers are INT, texts STRING, lists INTS, `{ float }` is FLOAT, `{ graph }` GRAPH. */
function writeAttribute([name, value]: [string, OnnxAttribute], pbf: Pbf): void {
  pbf.writeStringField(1, name);
  if (typeof value === 'number') {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, 2);
  } else if (typeof value === 'string') {
    pbf.writeBytesField(4, new TextEncoder().encode(value));
    pbf.writeVarintField(20, 3);
  } else if ('float' in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, 1);
  } else if ('graph' in value) {
    pbf.writeMessage(6, writeBranch, value.graph);
    pbf.writeVarintField(20, 5);
  } else {
    for (const item of value) pbf.writeVarintField(8, item);
    pbf.writeVarintField(20, 7);
  }
}

function writeBranch({ nodes, output }: OnnxBranch, pbf: Pbf): void {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, 'branch');
  // Its type and shape are inferred.
  pbf.writeMessage(12, (name: string) => pbf.writeStringField(1, name), output);
}

function writeValue({ name, type, shape }: OnnxValue, pbf: Pbf): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, writeTypeProto, { type, shape });
}

function writeTypeProto(value: { type: number; shape: readonly number[] }, pbf: Pbf): void {
  if (value.type === SEQUENCE) pbf.writeMessage(4, writeSequenceType, undefined);
  else pbf.writeMessage(1, writeTensorType, value);
}

/** A sequence of float32 tensors. */
function writeSequenceType(_: unknown, pbf: Pbf): void {
  pbf.writeMessage(1, writeTypeProto, { type: ONNX_TYPES.float32, shape: [] });
}

function writeTensorType({ type, shape }: { type: number; shape: readonly number[] }, pbf: Pbf): void {
  pbf.writeVarintField(1, type);
  pbf.writeMessage(2, writeShape, shape);
}

function writeShape(shape: readonly number[], pbf: Pbf): void {
  for (const dim of shape) pbf.writeMessage(1, writeDim, dim);
}

function writeDim(dim: number, pbf: Pbf): void {
  pbf.writeVarintField(1, dim);
}

function writeInitializer({ name, type, shape, values }: OnnxInitializer, pbf: Pbf): void {
  for (const dim of shape) pbf.writeVarintField(1, dim);
  pbf.writeVarintField(2, type);
  pbf.writeStringField(8, name);
  if (values instanceof Uint8Array) {
    pbf.writeBytesField(9, values);
    return;
  }
  for (const [key, value] of Object.entries(values)) pbf.writeMessage(13, writeEntry, [key, String(value)]);
  // EXTERNAL
  pbf.writeVarintField(14, 1);
}

function writeEntry([key, value]: [string, string], pbf: Pbf): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}
