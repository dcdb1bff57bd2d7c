/** What the development server offers to the tests. */
export function servePlayground(options?: { port?: number; fresh?: boolean; minify?: boolean }): Promise<{
  readonly url: string;
  readonly bytes: { readonly script: number; readonly style: number };
  close(): Promise<void>;
}>;
