/** Label selectors as kubectl's -l and an object's `selector` write them (apimachinery/pkg/labels). */
import { badRequest } from '../../store/errors.ts';

type Labels = Readonly<Record<string, string>>;
export type LabelTest = (labels: Labels) => boolean;

const TOKEN = /\s*(notin\b|in\b|==|!=|[=!(),<>]|[^\s=!(),<>]+)/y;

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>3`. Throws StatusError 400 with the API server's words. */
export function parseLabelSelector(text: string): LabelTest {
  const tokens = tokensOf(text);
  const tests: LabelTest[] = [];
  while (tokens.length > 0) {
    tests.push(requirement(tokens));
    const next = tokens.shift();
    if (next !== undefined && next !== ',') throw unparsed(next, "',' or 'end of string'");
    if (next === ',' && tokens.length === 0) throw unparsed('', "identifier after ','");
  }
  return (labels) => tests.every((test) => test(labels));
}

/** meta/v1 LabelSelector. None selects nothing, an empty one everything. */
export function labelSelectorTest(selector: unknown): LabelTest {
  if (typeof selector !== 'object' || selector === null) return () => false;
  const { matchLabels = {}, matchExpressions = [] } = selector as {
    readonly matchLabels?: Labels;
    readonly matchExpressions?: readonly {
      readonly key: string;
      readonly operator: string;
      readonly values?: string[];
    }[];
  };
  const tests = [
    ...Object.entries(matchLabels).map(
      ([key, value]): LabelTest =>
        (labels) =>
          labels[key] === value,
    ),
    ...matchExpressions.map(({ key, operator, values = [] }) => expression(key, operator, values)),
  ];
  return (labels) => tests.every((test) => test(labels));
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) tokens.push(match[1]!);
  return tokens;
}

function requirement(tokens: string[]): LabelTest {
  if (tokens[0] === '!') {
    tokens.shift();
    const key = identifier(tokens);
    return expression(key, 'DoesNotExist', []);
  }
  const key = identifier(tokens);
  const operator = tokens[0];
  if (operator === undefined || operator === ',') return expression(key, 'Exists', []);
  tokens.shift();
  switch (operator) {
    case '=':
    case '==':
      return expression(key, 'In', [value(tokens)]);
    case '!=':
      return expression(key, 'NotIn', [value(tokens)]);
    case 'in':
      return expression(key, 'In', set(tokens));
    case 'notin':
      return expression(key, 'NotIn', set(tokens));
    case '>':
    case '<':
      return expression(key, operator === '>' ? 'Gt' : 'Lt', [value(tokens)]);
    default:
      throw unparsed(operator, 'in, notin, =, ==, !=, gt, lt');
  }
}

function identifier(tokens: string[]): string {
  const token = tokens.shift() ?? '';
  if (token === '' || /^[=!(),<>]+$/.test(token)) throw unparsed(token, "!, identifier, or 'end of string'");
  return token;
}

/** May be empty: `a=`. */
function value(tokens: string[]): string {
  return tokens[0] === undefined || tokens[0] === ',' ? '' : tokens.shift()!;
}

function set(tokens: string[]): string[] {
  const open = tokens.shift() ?? '';
  if (open !== '(') throw unparsed(open, "'('");
  const values: string[] = [];
  for (;;) {
    const token = tokens.shift();
    if (token === undefined) throw unparsed('', "',', ')' or identifier");
    if (token === ')') return values.length === 0 ? [''] : values;
    if (token !== ',') values.push(token);
  }
}

function expression(key: string, operator: string, values: readonly string[]): LabelTest {
  switch (operator) {
    case 'In':
      return (labels) => labels[key] !== undefined && values.includes(labels[key]);
    case 'NotIn':
      return (labels) => labels[key] === undefined || !values.includes(labels[key]);
    case 'Exists':
      return (labels) => labels[key] !== undefined;
    case 'DoesNotExist':
      return (labels) => labels[key] === undefined;
    case 'Gt':
      return (labels) => Number(labels[key]) > Number(values[0]);
    case 'Lt':
      return (labels) => Number(labels[key]) < Number(values[0]);
    default:
      throw badRequest(`"${operator}" is not a valid label selector operator`);
  }
}

function unparsed(found: string, expected: string): Error {
  return badRequest(`unable to parse requirement: found '${found}', expected: ${expected}`);
}
