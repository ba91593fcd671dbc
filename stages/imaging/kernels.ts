import { KERNELS } from './wasm/binary.ts';

/** As far as it is used here: Node has it, TypeScript knows it only of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What kernels.as exports; places are byte offsets on the heap. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  free(): number;
  resampleAxes(
    data: number,
    stride: number,
    span: number,
    down: number,
    across: number,
    size: number,
    line: number,
    values: number,
  ): void;
  resampleTurned(
    data: number,
    stride: number,
    width: number,
    height: number,
    cx: number,
    cy: number,
    cos: number,
    sin: number,
    step: number,
    points: number,
    flipX: number,
    flipY: number,
    size: number,
    values: number,
  ): void;
  tone(values: number, count: number, contrast: number, offset: number, to: number): void;
  reorder(from: number, order: number, count: number, to: number): void;
}

let kernels: Kernels | undefined;

/** The kernels on a heap of this thread's own, compiled when they are first wanted. */
export function imageKernels(): Kernels {
  if (kernels === undefined) {
    const abort = (): never => {
      throw new Error('Internal error: a kernel gave up');
    };
    const module = new WebAssembly.Module(Buffer.from(KERNELS, 'base64'));
    kernels = new WebAssembly.Instance(module, { env: { abort } }).exports as Kernels;
  }
  return kernels;
}

const PAGE = 65536;

/** The heap as bytes, at least so large. What is asked for next makes this view useless where the heap has to grow. */
export function heap({ memory }: Kernels, size: number): Uint8Array {
  const lacking = size - memory.buffer.byteLength;
  if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE));
  return new Uint8Array(memory.buffer);
}
