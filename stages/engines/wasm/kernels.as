// Kernels for training on tfjs's wasm backend: AssemblyScript with SIMD, working on the backend's own heap. All tensors
// are float32 and NHWC, pointers are byte offsets. `npm run kernels` compiles this file into binary.ts.
//
// A kernel does one item of its work at a time: several threads take the items of one call between them. What an item
// is depends on the shapes alone and each item writes to a place of its own, so the bytes are the same whatever the
// number of threads. A sum is always taken in the same order, so they are the same on every machine.

export * from './product';
export * from './filter-gradient';
export * from './depthwise';
export * from './normalization';
export * from './elementwise';
export * from './pooling';
