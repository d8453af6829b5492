import type { ExportZip } from './case-export.js';
import type { drawDocument as DrawDocument } from './summary-documents.js';

/** What makes documents, loaded when the first is asked for: PDFs and their fonts would make every start a fifth longer. */

/** As in `case-export.ts`. */
export const exportZip =
  (...parts: Parameters<typeof import('./case-export.js').exportZip>): ExportZip =>
  async (...asked) => {
    const { exportZip: made } = await import('./case-export.js');
    return made(...parts)(...asked);
  };

/** As in `summary-documents.ts`. */
export const drawDocument: typeof DrawDocument = async (...asked) => {
  const { drawDocument: draw } = await import('./summary-documents.js');
  return draw(...asked);
};
