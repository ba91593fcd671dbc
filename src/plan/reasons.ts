import type { Reason } from '../events.ts';
import { canonicalJson } from '../json.ts';
import type { KeyParts } from '../store/record.ts';

/**
 * Why a stage will run: the parts of its key that differ from those of an earlier record. Inputs that the stage has and
 * `to` lacks are not known yet (they are below a miss), and are not compared.
 */
export function reasons(from: KeyParts, to: KeyParts, stageInputs: readonly string[]): readonly Reason[] {
  const found: Reason[] = [];
  if (!same(from.program, to.program)) found.push({ why: 'code' });
  for (const param of changed(from.modules, to.modules)) found.push({ why: 'module', param });
  for (const name of changed(from.packages, to.packages)) {
    const [before, after] = [from.packages[name] ?? null, to.packages[name] ?? null];
    found.push({ why: 'package', name, ...shortened(before, after) });
  }
  if (from.protocol !== to.protocol) found.push({ why: 'protocol', from: from.protocol, to: to.protocol });
  for (const name of changed(from.params, to.params)) {
    found.push({ why: 'param', name, from: from.params[name], to: to.params[name] });
  }
  for (const name of changed(from.inputs, to.inputs)) {
    if (name in to.inputs || !stageInputs.includes(name)) found.push({ why: 'input', name });
  }
  if (from.seed !== to.seed) found.push({ why: 'seed', from: from.seed, to: to.seed });
  if (!same(from.outputs, to.outputs)) found.push({ why: 'outputs' });
  for (const name of changed(from.env, to.env)) found.push({ why: 'environment', name });
  return found;
}

function changed(
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.filter((name) => !same(from[name], to[name]));
}

function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

/** `0.35.5` → `0.35.6`; where the version is the same (a dependency of it changed) a bit of the digest is shown too. */
function shortened(before: string | null, after: string | null) {
  const version = (text: string | null) => text?.split(' ')[0] ?? null;
  const versionAndDigest = (text: string | null) => text?.replace(/^(\S+ \S{8}).*/, '$1') ?? null;
  const show = version(before) === version(after) ? versionAndDigest : version;
  return { from: show(before), to: show(after) };
}
