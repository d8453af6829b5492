import type { CaseLinks } from '../../src/teams/bot.js';

/** Links as cards offer them, for what never opens one. @param origin where they would lead. */
export const linksTo = (origin = 'http://127.0.0.1:1'): CaseLinks => ({
  uploadLink: async () => `${origin}/evidence/sealed`,
  evidenceLink: async () => `${origin}/view/sealed`,
  exportLink: async () => `${origin}/export/sealed`,
  summaryLink: async () => `${origin}/summary/sealed`,
});
