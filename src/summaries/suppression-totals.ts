import type { Period } from './period.js';
import type { Figure } from './population.js';
import { type Arc, SuppressionGraph } from './suppression-graph.js';
import { type Branch, treesOf } from './suppression-tree.js';

/** How many there were in a period, and what is told of it. */
export interface ToldTotal {
  readonly period: Period;
  readonly value: number;
  readonly figure: Figure;
}

/**
 * What may be told of a total: as much as leaves every total that is not told exactly, and every small one of a period that nothing
 * is told of, open. Hidden, it adds nothing to what is known.
 */
export function tellTotal(fresh: Omit<ToldTotal, 'figure'>, earlier: readonly ToldTotal[], threshold: number): Figure {
  const graphOf = (figure: Figure) =>
    new SuppressionGraph(totalArcs(treesOf([...earlier, { ...fresh, figure }]), threshold), threshold);
  const hidden: Figure = { kind: 'hidden' };
  const before = graphOf(hidden);
  return candidates(fresh, threshold).find((figure) => graphOf(figure).leak(before) === undefined) ?? hidden;
}

function candidates({ period, value }: Omit<ToldTotal, 'figure'>, threshold: number): readonly Figure[] {
  const from = Math.floor(value / threshold) * threshold;
  const band: Figure = { kind: 'band', from: value > 0 ? Math.max(1, from) : 0, to: from + threshold - 1 };
  // A week told exactly would leave half-terms with nothing to tell: a quiet week could be taken away from them.
  const exact = value === 0 || (value >= threshold && period.span !== 'week');
  return exact ? [{ kind: 'exact', value }, band] : [band];
}

/** Totals from all that there is down to the shortest periods; 0 is where what flows comes from and goes to. */
function totalArcs(trees: readonly Branch<ToldTotal>[], threshold: number): readonly Arc[] {
  const arcs: Arc[] = [];
  let vertices = 1;
  const add = ({ of, within, covered }: Branch<ToldTotal>, above: number) => {
    const here = within.length > 0 ? vertices++ : 0;
    arcs.push({ from: above, to: here, value: of.value, ...boundsOf(of, threshold) });
    for (const branch of within) add(branch, here);
    if (within.length === 0 || covered) return;
    const rest = Math.max(0, of.value - within.reduce((sum, branch) => sum + branch.of.value, 0));
    const none = of.figure.kind === 'exact' && of.figure.value === 0;
    // That there were none in all of a period is told always, so it may be worked out.
    const care = rest > 0 && rest < threshold && !none ? 'guarded' : 'none';
    arcs.push({ from: here, to: 0, value: rest, low: 0, high: Number.POSITIVE_INFINITY, care });
  };
  for (const tree of trees) add(tree, 0);
  return arcs;
}

function boundsOf({ value, figure }: ToldTotal, threshold: number): Pick<Arc, 'low' | 'high' | 'care'> {
  if (figure.kind === 'hidden') return { low: 0, high: Number.POSITIVE_INFINITY, care: 'guarded' };
  // Cases may have changed since it was told.
  if (figure.kind === 'band')
    return { low: Math.min(figure.from, value), high: Math.max(figure.to, value), care: 'guarded' };
  const stale = value < threshold && value !== figure.value;
  return { low: value, high: value, care: stale ? 'stale' : 'none' };
}
