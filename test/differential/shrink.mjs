// Makes a program that differs smaller: tries many edits of its tree in one run of both engines and keeps the first that
// still differs.
import { render, size } from './tree.mjs';

const literals = ['0', "''", 'undefined', '[]', '{}'];

// Every edit of one place, as [node, replacement, bytes saved]; null leaves an item of a list out.
function edits(root) {
  const found = [];
  const inside = (node, kind, outer) => { // the nearest nodes of a kind below this one
    const out = [];
    for (const part of node.parts) {
      if (typeof part === 'string') continue;
      if (part.kind === kind) out.push(part);
      else out.push(...inside(part, kind, outer));
    }
    return out;
  };
  (function walk(node, listed) {
    if (typeof node === 'string') return;
    const bytes = size(node);
    if (listed) found.push([node, null, bytes]);
    if (node.kind === 's' && node.parts.length) {
      if (!listed) found.push([node, '', bytes]);
      const inner = inside(node, 's');
      if (inner.length) found.push([node, { kind: 'l', parts: inner, separator: '\n' }, bytes - inner.reduce((n, s) => n + size(s), 0)]);
    }
    if (node.kind === 'e') {
      for (const inner of inside(node, 'e')) found.push([node, inner, bytes - size(inner)]);
      for (const text of literals) if (bytes > text.length) found.push([node, text, bytes - text.length - literals.indexOf(text) / 10]);
    }
    for (const part of node.parts) walk(part, node.kind === 'l');
  })(root, false);
  return found.filter(edit => edit[2] > 0).sort((a, b) => b[2] - a[2]);
}

// What a tree is after edits.
function apply(node, changes) {
  if (typeof node === 'string') return node;
  if (changes.has(node)) {
    const other = changes.get(node);
    return other === null ? null : apply(other, new Map([...changes].filter(([target]) => target !== node)));
  }
  const parts = [];
  for (const part of node.parts) {
    const changed = apply(part, changes);
    if (changed !== null) parts.push(changed);
  }
  return { ...node, parts };
}

// Of edits that may each be made, as many as may be made together.
function together(tree, found, valid, differing) {
  for (let count = found.length; count > 1; count = count >> 1) {
    const changes = new Map(found.slice(0, count).reverse()), text = render(tree, changes);
    if (valid(text) && differing([text]).length) return changes;
  }
  return new Map([found[0]]);
}

// `differing(texts)` gives the indices of the texts that differ; `valid(text)` says whether it is a program.
export function shrink(tree, valid, differing, milliseconds = 15000) {
  const end = Date.now() + milliseconds, width = 64;
  for (let skip = 0; Date.now() < end;) {
    const candidates = edits(tree);
    let changes = null;
    for (let at = skip < candidates.length ? skip : 0, left = candidates.length; left > 0 && !changes && Date.now() < end;) {
      const batch = [], texts = [];
      skip = at;
      for (; left > 0 && batch.length < width; at = (at + 1) % candidates.length, left--) {
        const text = render(tree, new Map([candidates[at].slice(0, 2)]));
        if (valid(text)) { batch.push(candidates[at].slice(0, 2)); texts.push(text); }
      }
      const which = texts.length ? differing(texts) : [];
      if (which.length) changes = together(tree, which.map(i => batch[i]), valid, differing);
    }
    if (!changes) return tree;
    const smaller = apply(tree, changes);
    tree = typeof smaller === 'string' ? { kind: 'x', parts: [smaller] } : smaller;
  }
  return tree;
}
