import { type SQL, sql } from 'drizzle-orm';
import { ViewerQueryInvalidError } from './errors.ts';
import { type Token, tokenize } from './tokenize.ts';
import { findColumn, type ViewerColumn } from './viewer-columns.ts';

const comparisons = new Set(['=', '<>', '!=', '<', '<=', '>', '>=']);
const depthMost = 20;

type Operand = { kind: 'string' | 'number' | 'timestamp'; value: SQL };

/**
 * The Hub's `where`: comparisons of columns with literals, [NOT] LIKE and ILIKE, IN, BETWEEN, IS [NOT] NULL, `length("column")`, joined by
 * AND, OR, NOT and brackets. Everything becomes parameters of a statement; only the columns given can be named.
 *
 * @throws {ViewerQueryInvalidError} what is wrong and where
 */
export function parseWhere(text: string, columns: readonly ViewerColumn[]): SQL {
  return new WhereParser(tokenize(text, 'where'), columns).parse();
}

/** The Hub's `orderby`: one column, ASC or DESC; ties keep the version's order. */
export function parseOrderBy(text: string, columns: readonly ViewerColumn[]): SQL {
  const [name, direction, ...rest] = tokenize(text, 'orderby');
  const column = name && (name.kind === 'column' || name.kind === 'word') ? findColumn(columns, name.text) : undefined;
  if (!column) throw new ViewerQueryInvalidError('orderby', `${name?.text ?? 'Nothing'} is no column of this dataset.`);
  const way = direction?.text.toUpperCase() ?? 'ASC';
  if (rest.length > 0 || (way !== 'ASC' && way !== 'DESC')) {
    throw new ViewerQueryInvalidError('orderby', 'It is one column, then ASC or DESC.');
  }
  return way === 'ASC' ? sql`${column.value} asc nulls last` : sql`${column.value} desc nulls last`;
}

class WhereParser {
  readonly #tokens: readonly Token[];
  readonly #columns: readonly ViewerColumn[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], columns: readonly ViewerColumn[]) {
    this.#tokens = tokens;
    this.#columns = columns;
  }

  parse(): SQL {
    const condition = this.#any();
    const rest = this.#tokens[this.#at];
    if (rest) this.#fail(`“${rest.text}” is too much at place ${rest.at + 1}.`);
    return condition;
  }

  #any(): SQL {
    const parts = [this.#all()];
    while (this.#take('OR')) parts.push(this.#all());
    return parts.length === 1 ? parts[0]! : sql`(${sql.join(parts, sql` or `)})`;
  }

  #all(): SQL {
    const parts = [this.#one()];
    while (this.#take('AND')) parts.push(this.#one());
    return parts.length === 1 ? parts[0]! : sql`(${sql.join(parts, sql` and `)})`;
  }

  #one(): SQL {
    if (++this.#depth > depthMost) this.#fail(`It is nested deeper than ${depthMost}.`);
    let condition: SQL;
    if (this.#take('NOT')) condition = sql`not (${this.#one()})`;
    else if (this.#take('(')) {
      condition = this.#any();
      this.#expect(')');
    } else condition = this.#comparison();
    this.#depth -= 1;
    return condition;
  }

  #comparison(): SQL {
    const left = this.#operand();
    if (this.#take('IS')) {
      const not = this.#take('NOT');
      this.#expect('NULL');
      return not ? sql`${left.value} is not null` : sql`${left.value} is null`;
    }
    const not = this.#take('NOT');
    const condition = this.#tested(left);
    return not ? sql`not (${condition})` : condition;
  }

  #tested(left: Operand): SQL {
    if (this.#take('LIKE')) return sql`${left.value} like ${this.#text(left)}`;
    if (this.#take('ILIKE')) return sql`${left.value} ilike ${this.#text(left)}`;
    if (this.#take('BETWEEN')) {
      const least = this.#fitting(left);
      this.#expect('AND');
      return sql`${left.value} between ${least} and ${this.#fitting(left)}`;
    }
    if (this.#take('IN')) {
      this.#expect('(');
      const values = [this.#fitting(left)];
      while (this.#take(',')) values.push(this.#fitting(left));
      this.#expect(')');
      return sql`${left.value} in (${sql.join(values, sql`, `)})`;
    }
    const token = this.#next('a comparison');
    if (!comparisons.has(token.text)) this.#fail(`“${token.text}” at place ${token.at + 1} is no comparison.`);
    const operator = sql.raw(token.text === '!=' ? '<>' : token.text);
    return sql`${left.value} ${operator} ${this.#fitting(left)}`;
  }

  #text(left: Operand): SQL {
    if (left.kind !== 'string') this.#fail('LIKE takes texts.');
    return this.#fitting(left);
  }

  /** The right side, of the left one's kind: a column or a literal. */
  #fitting({ kind }: Operand): SQL {
    const right = this.#operand();
    if (right.kind === kind) return right.value;
    if (kind === 'timestamp' && right.kind === 'string') return sql`${right.value}::text::timestamptz`;
    return this.#fail(`A ${right.kind} stands where a ${kind} belongs.`);
  }

  #operand(): Operand {
    const token = this.#next('a column or a value');
    if (token.kind === 'string') return { kind: 'string', value: sql`${token.text}::text` };
    if (token.kind === 'number') return { kind: 'number', value: sql`${Number(token.text)}::float8` };
    if (token.kind === 'word' && /^(char_)?length$/i.test(token.text)) {
      this.#expect('(');
      const { value } = this.#column(this.#next('a column'));
      this.#expect(')');
      return { kind: 'number', value: sql`char_length((${value})::text)` };
    }
    const { type, value } = this.#column(token);
    return { kind: type, value: sql`(${value})` };
  }

  #column(token: Token): ViewerColumn {
    const column = token.kind === 'column' || token.kind === 'word' ? findColumn(this.#columns, token.text) : undefined;
    const names = this.#columns.map(({ name }) => name).join(', ');
    return column ?? this.#fail(`“${token.text}” at place ${token.at + 1} is no column; there are ${names}.`);
  }

  #take(word: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt = (token?.kind === 'word' || token?.kind === 'mark') && token.text.toUpperCase() === word;
    if (isIt) this.#at += 1;
    return isIt;
  }

  #expect(word: string): void {
    if (!this.#take(word)) this.#fail(`${word} is missing before “${this.#tokens[this.#at]?.text ?? 'the end'}”.`);
  }

  #next(what: string): Token {
    return this.#tokens[this.#at++] ?? this.#fail(`It ends where ${what} belongs.`);
  }

  #fail(what: string): never {
    throw new ViewerQueryInvalidError('where', what);
  }
}
