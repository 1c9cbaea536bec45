import { describe, expect, it } from 'vitest';
import { findActionProblems } from './check-actions.ts';

const check = (source: string) => findActionProblems('app/x/actions.ts', source);

describe('findActionProblems', () => {
  it('accepts results of defineAction and types', () => {
    const source = `'use server';\nexport type A = string;\nexport const save = defineAction({ run() {} });\nconst helper = 1;`;
    expect(check(source)).toEqual([]);
  });

  it.each([
    ['a function', 'export async function save() {}', 'an exported FunctionDeclaration is not allowed'],
    ['another constant', 'export const save = async () => {};', 'save is not the result of defineAction(...)'],
    ['a wrapped action', 'export const save = wrap(defineAction({}));', 'save is not the result'],
    ['a re-export', `export { x } from './x.ts';`, 'ExportNamedDeclaration'],
    ['everything of a file', `export * from './x.ts';`, 'ExportAllDeclaration'],
    ['a default', 'export default defineAction({});', 'ExportDefaultExpression'],
  ])('refuses %s', (_name, line, problem) => {
    expect(check(`'use server';\n${line}`).join()).toContain(problem);
  });

  it("refuses 'use server' inside a function", () => {
    expect(check(`export function Page() { async function act() { 'use server'; } }`)).toHaveLength(1);
  });

  it('leaves other files alone', () => {
    expect(check('export function anything() {}')).toEqual([]);
  });
});
