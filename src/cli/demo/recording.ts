import type { Card } from '../../teams/cards/template.js';

/** Who sees something, and where: "Beth Larkin", "in their own chat with Policy Desk". */
export interface Seen {
  readonly by: string;
  readonly where: string;
}

/** One thing that happens in the story. */
export type Moment =
  /** Somebody types something. */
  | { readonly kind: 'says'; readonly who: string; readonly where: string; readonly words: string }
  /** Somebody does something, or time goes by; a sentence. */
  | { readonly kind: 'does'; readonly words: string }
  | { readonly kind: 'card'; readonly name: string; readonly seen: Seen; readonly card: Card }
  /** `shows`: what is to be seen in it, for those who cannot see it. */
  | { readonly kind: 'picture'; readonly words: string; readonly shows: string; readonly png: Uint8Array };

/** A part of the story. */
export interface Scene {
  readonly title: string;
  /** What a governor should know of it, in a sentence or two. */
  readonly lead: string;
  readonly moments: readonly Moment[];
}

/** Takes down the story while it happens. */
export class Recording {
  readonly #scenes: (Scene & { readonly moments: Moment[] })[] = [];
  readonly #tell: (told: Scene | Moment) => void;

  /** @param tell is given each scene when it begins, and each moment when it has happened. */
  constructor(tell: (told: Scene | Moment) => void) {
    this.#tell = tell;
  }

  get scenes(): readonly Scene[] {
    return this.#scenes;
  }

  begin(title: string, lead: string): void {
    const scene = { title, lead, moments: [] };
    this.#scenes.push(scene);
    this.#tell(scene);
  }

  add(moment: Moment): void {
    this.#scenes.at(-1)?.moments.push(moment);
    this.#tell(moment);
  }
}
