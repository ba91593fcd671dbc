/**
 * Event files that TensorBoard opens: TFRecords (`tensorflow/core/lib/io/record_writer.cc`) of protocol buffers
 * (`tensorflow/core/util/event.proto`, `framework/summary.proto`), written by hand, since a scalar needs six fields.
 */
import { Buffer } from 'node:buffer';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from '../imaging/crc32.ts';
import type { Epoch } from './curves.ts';

export interface Scalar {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
}

/**
 * Writes the curves as Keras's TensorBoard callback does: the runs `train` and `validation` with `epoch_loss`,
 * `epoch_accuracy` and `epoch_learning_rate`.
 */
export async function writeTensorboard(folder: string, history: readonly Epoch[]): Promise<void> {
  const runs: Readonly<Record<string, Scalar[]>> = { train: [], validation: [] };
  for (const { epoch, loss, accuracy, valLoss, valAccuracy, learningRate } of history) {
    const step = epoch - 1; // Keras counts from 0
    const add = (run: string, tag: string, value: number | null): void => {
      if (value !== null) runs[run]!.push({ tag: `epoch_${tag}`, step, value });
    };
    add('train', 'loss', loss);
    add('train', 'accuracy', accuracy);
    add('train', 'learning_rate', learningRate);
    add('validation', 'loss', valLoss);
    add('validation', 'accuracy', valAccuracy);
  }
  for (const [run, scalars] of Object.entries(runs)) {
    if (scalars.length === 0) continue;
    await mkdir(join(folder, run), { recursive: true });
    await writeFile(join(folder, run, 'events.out.tfevents.0.bloodline'), eventFile(scalars));
  }
}

/**
 * An event file. An artifact holds no times, so the wall time of an event is its step in seconds: TensorBoard's axis
 * "relative" then counts epochs.
 */
export function eventFile(scalars: readonly Scalar[]): Buffer {
  const version = message([double(1, 0), text(3, 'brain.Event:2')]);
  const events = scalars.map(({ tag, step, value }) => {
    const summary = message([bytes(1, message([text(1, tag), float(2, value)]))]);
    return message([double(1, step), integer(2, step), bytes(5, summary)]);
  });
  return Buffer.concat([version, ...events].map(record));
}

/** Length, its checksum, data, its checksum. */
function record(data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(maskedCrc(head.subarray(0, 8)), 8);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(maskedCrc(data));
  return Buffer.concat([head, data, tail]);
}

const message = (fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

/** Wire types: 0 varint, 1 eight bytes, 2 bytes with their length, 5 four bytes. */
const key = (field: number, wire: number): Buffer => varint((field << 3) | wire);
const integer = (field: number, value: number): Buffer => Buffer.concat([key(field, 0), varint(value)]);
const bytes = (field: number, value: Buffer): Buffer =>
  Buffer.concat([key(field, 2), varint(value.length), value]);
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value, 'utf8'));
function double(field: number, value: number): Buffer {
  const eight = Buffer.alloc(8);
  eight.writeDoubleLE(value);
  return Buffer.concat([key(field, 1), eight]);
}
function float(field: number, value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeFloatLE(value);
  return Buffer.concat([key(field, 5), four]);
}
function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return Buffer.from([...digits, rest]);
}

/** CRC-32C, turned and shifted as TFRecords do. */
function maskedCrc(data: Buffer): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
