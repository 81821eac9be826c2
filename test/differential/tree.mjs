// Programs as trees of text, so that they can be made smaller; random choices; templates.
//
//   node   { kind, parts }   parts are texts and nodes, written one after the other
//   kind   'e' expression    may be replaced by a literal or by an expression inside it
//          's' statement     may be left out, or be replaced by the statements inside it
//          'l' list          its items are written with `separator` between them, each may be left out
//          'x' anything else
//
// A template is text with holes: `$x` asks the grammar for an x, `#1` is a name of its own, `‹a|b|c›` is one of the
// alternatives (which may be empty and may nest); `\|` is a bar.

export const make = (kind, parts) => ({ kind, parts });
export const list = (items, separator = ', ') => ({ kind: 'l', parts: items, separator });

export function render(node, edits = null) {
  if (typeof node === 'string') return node;
  if (edits?.has(node)) {
    const other = edits.get(node);
    return typeof other === 'string' ? other : render(other, edits);
  }
  if (node.kind !== 'l') {
    let text = '';
    for (const part of node.parts) text += render(part, edits);
    return text;
  }
  const items = [];
  for (const part of node.parts) if (edits?.get(part) !== null) items.push(render(part, edits));
  return items.join(node.separator);
}

const sizes = new WeakMap();
export function size(node) {
  if (typeof node === 'string') return node.length;
  if (!sizes.has(node)) sizes.set(node, node.parts.reduce((sum, part) => sum + size(part), 0));
  return sizes.get(node);
}

// ---- random choices: a seed names a program --------------------------------------------------------------------

let state = 1;
export function reseed(seed) {
  state = (Math.imul(seed, 2654435761) + 0x9e3779b9) >>> 0;
  for (let i = 0; i < 4; i++) next();
}
function next() { // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ state >>> 15, state | 1);
  t ^= t + Math.imul(t ^ t >>> 7, t | 61);
  return (t ^ t >>> 14) >>> 0;
}
export const below = n => next() % n;
export const chance = percent => below(100) < percent;
export const pick = items => items[below(items.length)];

// ---- templates -------------------------------------------------------------------------------------------------

function parse(text, at, closing) {
  const choices = [[]];
  let plain = '';
  const parts = () => choices[choices.length - 1];
  const flush = () => { if (plain) parts().push(plain); plain = ''; };
  while (at < text.length) {
    const c = text[at];
    if (c === '\\' && text[at + 1] === '|') {
      plain += '|';
      at += 2;
    } else if (c === '‹') {
      flush();
      const inner = parse(text, at + 1, true);
      parts().push(inner.choices);
      at = inner.at;
    } else if (closing && c === '›') {
      flush();
      return { choices, at: at + 1 };
    } else if (closing && c === '|') {
      flush();
      choices.push([]);
      at++;
    } else if ((c === '$' && /[A-Za-z]/.test(text[at + 1] ?? '')) || (c === '#' && /\d/.test(text[at + 1] ?? ''))) {
      flush();
      parts().push({ hole: text.slice(at, at + 2) });
      at += 2;
    } else {
      plain += c;
      at++;
    }
  }
  if (closing) throw new Error('‹ without › in ' + text);
  flush();
  return { choices, at };
}

// Lines `[WEIGHT] TEMPLATE`, or a list of templates; the kind is that of the nodes they make.
export function templates(kind, lines) {
  const table = [];
  for (const line of typeof lines === 'string' ? lines.split('\n') : lines) {
    const found = /^\s*(?:(\d+) )?(.*\S)\s*$/.exec(line);
    if (!found || found[2].startsWith('//')) continue;
    const template = { kind, parts: parse(found[2], 0, false).choices[0] };
    for (let i = 0; i < Number(found[1] ?? 1); i++) table.push(template);
  }
  return table;
}

// `hole(letter, names)` gives what stands for `$letter`; '#' stands for a fresh name, `names` are those of this template.
export function expand(template, hole, names = new Map()) {
  const out = [];
  function add(parts) {
    for (const part of parts) {
      if (typeof part === 'string') out.push(part);
      else if (Array.isArray(part)) add(pick(part));
      else if (part.hole[0] === '#') {
        if (!names.has(part.hole)) names.set(part.hole, hole('#'));
        out.push(names.get(part.hole));
      } else out.push(hole(part.hole[1], names));
    }
  }
  add(template.parts);
  return make(template.kind, out);
}
