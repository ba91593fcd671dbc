/** Lets tfjs's wasm backend start on memory that threads can share. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<unknown>;
};

/** Number of a wasm section (WebAssembly core specification, 5.5.2). */
const MEMORY_SECTION = 5;
/** Flags of a memory's limits: it has a maximum; it has one and is shared (threads proposal). */
const [BOUNDED, SHARED] = [1, 3];

/**
 * The same module with its memory shared. Its code stays as it is: what it does not share, it does not have to lock.
 * Throws where the module has no memory of its own with a maximum.
 */
export function withSharedMemory(module: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(module);
  let at = 8;
  const number = (): number => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = bytes[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
      shift += 7;
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section === MEMORY_SECTION && number() === 1 && bytes[at] === BOUNDED) {
      bytes[at] = SHARED;
      return bytes;
    }
    at = end;
  }
  throw new Error('Internal error: the wasm module has no bounded memory of its own');
}

/** Runs `start`, in which every wasm module that is instantiated gets shared memory. */
export async function startOnSharedMemory<T>(start: () => Promise<T>): Promise<T> {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = (bytes, imports) => instantiate(withSharedMemory(bytes), imports);
  try {
    return await start();
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}
