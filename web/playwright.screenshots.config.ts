import { defineConfig } from '@playwright/test';
import base from './playwright.config';

/** Pictures for the documents, and for looking at every page: `./dev screenshots`. */
export default defineConfig({
  ...base,
  testDir: 'screenshots',
  projects: [{ name: 'pictures' }],
});
