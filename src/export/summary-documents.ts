import type { DocumentFormat, Edition, Summary } from '../summaries/summary.js';
import { summaryCsv } from './summary-csv.js';
import { summaryPdf } from './summary-pdf.js';

/** A summary as a document; the same one is the same to the byte whenever it is drawn. */
export const drawDocument = async (summary: Summary, edition: Edition, format: DocumentFormat): Promise<Uint8Array> =>
  format === 'pdf' ? summaryPdf(summary, edition) : summaryCsv(summary, edition);
