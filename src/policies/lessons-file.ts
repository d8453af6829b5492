import type { Lessons, QuantisedPoints, SparseWeights } from './rule-training.js';

/** Lessons as they are kept: numbers as base64 of their bytes, lowest first. */
export interface KeptLessons {
  readonly bank: string;
  readonly texts: number;
  readonly topics: number;
  /** One a line. */
  readonly features: string;
  readonly counts: string;
  readonly asked: KeptWeights;
  readonly stated: KeptWeights;
  readonly kinds: KeptWeights;
  readonly askedPoints: KeptPoints;
  readonly statedPoints: KeptPoints;
}

interface KeptPoints {
  readonly scales: string;
  readonly parts: string;
}

interface KeptWeights {
  readonly scale: number;
  readonly starts: string;
  readonly rules: string;
  readonly weights: string;
}

/** Writes lessons as JSON can hold them. */
export function keepLessons({ bank, texts, topics, features, counts, ...learnt }: Lessons): KeptLessons {
  return {
    bank,
    texts,
    topics,
    features: features.join('\n'),
    counts: encode(Uint32Array.from(counts)),
    asked: keepWeights(learnt.asked),
    stated: keepWeights(learnt.stated),
    kinds: keepWeights(learnt.kinds),
    askedPoints: keepPoints(learnt.askedPoints),
    statedPoints: keepPoints(learnt.statedPoints),
  };
}

/** Reads what {@link keepLessons} wrote. */
export function readLessons({ bank, texts, topics, features, counts, ...learnt }: KeptLessons): Lessons {
  return {
    bank,
    texts,
    topics,
    features: features.split('\n'),
    counts: [...new Uint32Array(decode(counts))],
    asked: readWeights(learnt.asked),
    stated: readWeights(learnt.stated),
    kinds: readWeights(learnt.kinds),
    askedPoints: readPoints(learnt.askedPoints),
    statedPoints: readPoints(learnt.statedPoints),
  };
}

const keepWeights = ({ scale, starts, rules, weights }: SparseWeights): KeptWeights => ({
  scale,
  starts: encode(starts),
  rules: encode(rules),
  weights: encode(weights),
});

const readWeights = ({ scale, starts, rules, weights }: KeptWeights): SparseWeights => ({
  scale,
  starts: new Uint32Array(decode(starts)),
  rules: new Uint16Array(decode(rules)),
  weights: new Int8Array(decode(weights)),
});

const keepPoints = ({ scales, parts }: QuantisedPoints): KeptPoints => ({
  scales: encode(scales),
  parts: encode(parts),
});

const readPoints = ({ scales, parts }: KeptPoints): QuantisedPoints => ({
  scales: new Float32Array(decode(scales)),
  parts: new Int8Array(decode(parts)),
});

const encode = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const decode = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text, 'base64')).buffer;
