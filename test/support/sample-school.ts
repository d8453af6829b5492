import { fileURLToPath } from 'node:url';
import { readSchool } from '../../src/storage/school-folder.js';

export const SCHOOLS_DIR = fileURLToPath(new URL('../../schools', import.meta.url));

/** The sample school as shipped. */
export const sampleSchool = () => readSchool(SCHOOLS_DIR, 'example-primary');
